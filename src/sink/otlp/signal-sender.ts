/** One signal on its way: encoded, posted, and the answer judged. */

import type { Clock } from '../../base/clock.ts';
import { maxValueLength, sanitise } from '../../base/sanitise.ts';
import type { OtlpSignalConfig } from '../../config/config.ts';
import { isLoopbackHost } from '../../config/parse-url.ts';
import type { Later, Refused } from '../delivery/carrier.ts';
import type { LogFacts } from '../log/program-log.ts';
import { judgeOtlpStatus } from './judge-status.ts';
import { OtlpConnection } from './otlp-connection.ts';
import type { Encoding } from './serialise.ts';

export type Warn = (message: string, facts?: LogFacts) => void;

export interface Sent {
  /** Absent: taken, but for `rejected` of it, which never come again. */
  readonly verdict?: Later | Refused;
  readonly rejected: number;
}

export interface SignalSender<Request> {
  /** Rejects with the network's error, or the signal's reason. */
  send(request: Request, signal: AbortSignal): Promise<Sent>;
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** Beyond it a body is not sent, but comes in parts. */
const maxBodyBytes = 4 * 1024 * 1024;

export function signalSender<Request>(
  name: 'logs' | 'metrics',
  config: OtlpSignalConfig,
  encoding: Encoding<Request>,
  { clock, warn }: { readonly clock: Clock; readonly warn: Warn },
): SignalSender<Request> {
  const connection = new OtlpConnection(config, clock);
  const { url, headers } = config;
  let warnsOfClear =
    url.protocol === 'http:' && headers.length > 0 && !isLoopbackHost(url.hostname);
  return {
    send: async (request, signal) => {
      const body = encoding.encode(request);
      if (body.length > maxBodyBytes) return { verdict: tooLarge, rejected: 0 };
      if (warnsOfClear) warn('OTLP headers go over the network in clear', { signal: name });
      warnsOfClear = false;
      const answer = await connection.post(encoding.contentType, body, signal);
      const verdict = judgeOtlpStatus(answer.status, answer.retryAfterMs);
      if (verdict) return { verdict, rejected: 0 };
      const partial = encoding.partialSuccess(answer.body);
      if (!partial) return { rejected: 0 };
      const { rejected, message } = partial;
      const facts = { signal: name, rejected, said: sanitise(message, maxValueLength) };
      warn(
        rejected > 0 ? 'the Collector refused a part' : 'the Collector took all, and says',
        facts,
      );
      return { rejected };
    },
    hasChanged: () => connection.hasChanged(),
    close: () => connection.close(),
  };
}

const tooLarge: Refused = {
  verdict: 'split',
  trouble: { code: 'reports-refused' },
  reason: 'too-large',
};
