/** Reports to home over a WebSocket that is held open, and over HTTPS for as long as no WebSocket gets through. */
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { HomeConfig } from '../../../config/config.ts';
import type { Carrier } from '../../delivery/carrier.ts';
import { httpsCarrier } from '../https-carrier.ts';
import { BatchAnswers } from './batch-answers.ts';
import { HomeLink, type LinkTiming, linkTiming } from './home-link.ts';

export interface WebsocketCarrierOptions {
  /** `url` is `wss:`, or `ws:` to a loopback address. */
  readonly home: HomeConfig;
  /** Becomes the events' `source`. */
  readonly agentId: string;
  /** The delegate's name, by which people at home may ask for a look. */
  readonly delegate?: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Home asks for a look at once. How often that is heeded is the listener's to decide. */
  readonly onProbeNow?: () => void;
  /** Called when reports begin to go by HTTPS, and when a WebSocket is open again. Must not throw. */
  readonly onWay?: (way: 'https' | 'websocket') => void;
  readonly timing?: LinkTiming;
}

export interface WebsocketCarrier extends Carrier {
  /** Messages that were of no use: of unknown types, or answers that nobody waited for. */
  ignored(): number;
}

/** Holds the connection until `close`. Throws CannotRun for a plain-text home that is not on this machine. */
export function websocketCarrier(options: WebsocketCarrierOptions): WebsocketCarrier {
  const { home, agentId, clock, onProbeNow, onWay, timing = linkTiming } = options;
  const https = httpsCarrier({ ...options, home: { ...home, url: httpUrl(home.url) } });
  let ignored = 0;
  const ignore = (): void => {
    ignored += 1;
  };
  const link = new HomeLink({
    ...options,
    ...{ agentId, clock, timing },
    onIgnored: ignore,
    onProbeNow: onProbeNow ?? ignore,
    onWay: (way) => onWay?.(way),
  });
  let answers: BatchAnswers | undefined;
  return {
    carry: async (batch, signal) => {
      const ids = batch.map(({ id }) => id);
      answers = new BatchAnswers(ids, answers);
      const way = await link.way(signal);
      if (way.kind === 'none') return way.carried;
      if (way.kind === 'https') return https.carry(batch, signal);
      return way.conversation.exchange(batch, answers, signal);
    },
    hasChanged: () => link.hasChanged(),
    close: async () => {
      link.end();
      await https.close();
    },
    ignored: () => ignored,
  };
}

/** The same place by the protocol that needs no upgrade. */
function httpUrl(url: URL): URL {
  const scheme = url.protocol === 'wss:' ? 'https:' : 'http:';
  return new URL(url.href.replace(/^wss?:/, scheme));
}
