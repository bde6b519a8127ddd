/** One signal on its way: encoded, posted, and the answer judged. */

import type { Clock } from '../../base/clock.ts';
import { maxValueLength, sanitise } from '../../base/sanitise.ts';
import type { OtlpSignalConfig } from '../../config/config.ts';
import { isLoopbackHost } from '../../config/parse-url.ts';
import type { Later, Refused } from '../delivery/carrier.ts';
import type { LogFacts } from '../log/program-log.ts';
import { recurring } from '../log/recurring.ts';
import { judgeOtlpStatus } from './judge-status.ts';
import { OtlpConnection } from './otlp-connection.ts';
import type { Encoding, PartialSuccess } from './serialise.ts';

export type Warn = (message: string, facts?: LogFacts) => void;

export interface SenderPorts {
  readonly clock: Clock;
  readonly warn: Warn;
  /** Told of what is over. Must not throw. */
  readonly inform: Warn;
}

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
  { clock, warn, inform }: SenderPorts,
): SignalSender<Request> {
  const connection = new OtlpConnection(config, clock);
  const { url, headers } = config;
  let warnsOfClear =
    url.protocol === 'http:' && headers.length > 0 && !isLoopbackHost(url.hostname);
  const refusing = recurring(clock, {
    tell: (facts) => warn('the Collector refused a part', facts),
    tellOver: (facts) => inform('the Collector takes all of it again', facts),
  });
  const saying = recurring(clock, {
    tell: (facts) => warn('the Collector took all, and says', facts),
    tellOver: (facts) => inform('the Collector has no more to say', facts),
  });
  /** A Collector that refuses a part of each batch would fill the log. */
  const judge = (partial: PartialSuccess | undefined): number => {
    if (!partial) {
      for (const each of [refusing, saying]) each.over({ signal: name });
      return 0;
    }
    const { rejected, message } = partial;
    const [here, gone] = rejected > 0 ? [refusing, saying] : [saying, refusing];
    here.happened({ signal: name, rejected, said: sanitise(message, maxValueLength) });
    gone.over({ signal: name });
    return rejected;
  };
  return {
    send: async (request, signal) => {
      const body = encoding.encode(request);
      if (body.length > maxBodyBytes) return { verdict: tooLarge, rejected: 0 };
      if (warnsOfClear) warn('OTLP headers go over the network in clear', { signal: name });
      warnsOfClear = false;
      const answer = await connection.post(encoding.contentType, body, signal);
      const verdict = judgeOtlpStatus(answer.status, answer.retryAfterMs);
      if (verdict) return { verdict, rejected: 0 };
      return { rejected: judge(encoding.partialSuccess(answer.body)) };
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
