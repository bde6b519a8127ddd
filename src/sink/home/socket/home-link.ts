/** Holds one WebSocket with home open, whether or not there is something to send, and knows when only HTTPS gets through. */
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { HomeConfig } from '../../../config/config.ts';
import {
  type Backoff,
  fullJitter,
  respectRetryAfter,
  retryDefaults,
} from '../../../retry/backoff.ts';
import type { Carried } from '../../delivery/carrier.ts';
import { type Trouble, troubleOfStatus } from '../../delivery/trouble.ts';
import { credentialDigest, hasCredentialChanged, readHomeCredential } from '../home-credential.ts';
import { carriedByRefusal } from './carried-by.ts';
import { Conversation } from './conversation.ts';
import { dialHome } from './dial-home.ts';
import type { WatchLimits } from './keep-watch.ts';
import { type Upgraded, upgradeToSocket } from './open-socket.ts';

export interface HomeLinkOptions {
  readonly home: HomeConfig;
  readonly agentId: string;
  readonly delegate?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: LinkTiming;
  readonly onProbeNow: () => void;
  readonly onIgnored: () => void;
  /** Called when reports begin to go by HTTPS, and when a WebSocket is open again. */
  readonly onWay: (way: 'https' | 'websocket') => void;
}

export interface LinkTiming {
  /** From the dial to the end of the upgrade. */
  readonly openMs: number;
  /** Between attempts while nothing waits to be sent. */
  readonly idle: Backoff;
  /** How long reports go by HTTPS before a WebSocket is tried again, at least; at most twice that. */
  readonly httpsMs: number;
  readonly watch: WatchLimits;
}

export const linkTiming: LinkTiming = {
  openMs: 10_000,
  // Nobody waits for it, so a fleet that lost its home returns slowly: 2.6 % of it a second.
  idle: { baseMs: 40_000, capMs: 300_000, floorMs: 1_000 },
  httpsMs: 600_000,
  watch: { quietMs: 30_000, answerMs: 10_000, maxOctets: 2 * 1024 * 1024, periodMs: 10_000 },
};

export type Way =
  | { readonly kind: 'websocket'; readonly conversation: Conversation }
  | { readonly kind: 'https' }
  | { readonly kind: 'none'; readonly carried: Carried };

type NotOpen = Exclude<Upgraded, { kind: 'open' }>;

/** One upgrade without an answer may be a home that restarts; so many in a row are somebody who lets none pass. */
const maxUnanswered = 2;

export class HomeLink {
  readonly #options: HomeLinkOptions;
  readonly #ending = new AbortController();
  #conversation: Conversation | undefined;
  #opening: Promise<Way> | undefined;
  #cancelReopening = (): void => {};
  #failures = 0;
  #unanswered = 0;
  /** Of the credential that was shown last; none when it could not be read. */
  #shown = '';
  /** Monotonic; reports go by HTTPS until then. */
  #httpsUntilMs: number | undefined;

  /** Begins to open soon; at once when it is asked for a way. */
  constructor(options: HomeLinkOptions) {
    this.#options = options;
    this.#openIn(this.#idleDelayMs(1));
  }

  /** Rejects with the network's error, or the signal's reason. */
  async way(signal: AbortSignal): Promise<Way> {
    signal.throwIfAborted();
    if (this.#conversation) return { kind: 'websocket', conversation: this.#conversation };
    const { clock } = this.#options;
    if (this.#httpsUntilMs !== undefined && clock.monotonicMs() < this.#httpsUntilMs) {
      return { kind: 'https' };
    }
    return this.#open(signal);
  }

  /** Whether the files hold another credential than the one that was shown last. */
  hasChanged(): Promise<boolean> {
    return hasCredentialChanged(this.#options.home, this.#shown);
  }

  end(): void {
    this.#ending.abort(new DOMException('the link was ended', 'AbortError'));
    this.#cancelReopening();
    this.#conversation?.end();
  }

  /** One attempt at a time; whoever gives up waiting for it leaves it to itself. */
  async #open(signal: AbortSignal): Promise<Way> {
    this.#cancelReopening();
    this.#opening ??= this.#attempt().finally(() => {
      this.#opening = undefined;
    });
    const opening = this.#opening;
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([opening, promise]);
    } finally {
      signal.removeEventListener('abort', abort);
      opening.catch(() => {});
    }
  }

  async #attempt(): Promise<Way> {
    const { clock, timing } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.after(timing.openMs, () =>
      timeout.abort(new DOMException('home took too long', 'TimeoutError')),
    );
    try {
      return await this.#connect(AbortSignal.any([timeout.signal, this.#ending.signal]));
    } catch (error) {
      this.#failures += 1;
      this.#openIn(this.#idleDelayMs(this.#failures));
      throw error;
    } finally {
      cancel();
    }
  }

  async #connect(signal: AbortSignal): Promise<Way> {
    const { home, clock } = this.#options;
    this.#shown = '';
    const credential = await readHomeCredential(home);
    this.#shown = credentialDigest(credential);
    const stream = await dialHome(home, credential, signal);
    const upgraded = await upgradeToSocket(stream, home, credential, clock, signal);
    if (upgraded.kind !== 'open') return this.#refused(upgraded);
    this.#unanswered = 0;
    const { agentId, delegate, timing, onProbeNow, onIgnored, onWay } = this.#options;
    const openedMs = clock.monotonicMs();
    const conversation = new Conversation({
      ...{ socket: upgraded.socket, stream, agentId, clock, onProbeNow, onIgnored },
      limits: timing.watch,
      onClosed: () => this.#lost(clock.monotonicMs() - openedMs),
      ...(delegate !== undefined && { delegate }),
    });
    this.#conversation = conversation;
    if (this.#httpsUntilMs !== undefined) onWay('websocket');
    this.#httpsUntilMs = undefined;
    return { kind: 'websocket', conversation };
  }

  #lost(heldMs: number): void {
    this.#conversation = undefined;
    this.#failures = heldMs >= retryDefaults.resetAfterMs ? 1 : this.#failures + 1;
    this.#openIn(this.#idleDelayMs(this.#failures));
  }

  #refused(upgraded: NotOpen): Way {
    this.#failures += 1;
    const carried = this.#carriedBy(upgraded);
    if (!carried) return this.#fallBack();
    if (carried.verdict === 'pause') {
      const { capMs } = this.#options.timing.idle;
      this.#openIn(capMs * (0.5 + this.#options.random.fraction() / 2));
    } else if (carried.verdict === 'retry') {
      this.#openIn(this.#idleDelayMs(this.#failures, carried.retryAfterMs));
    }
    return { kind: 'none', carried };
  }

  /** Undefined: WebSockets do not get through. */
  #carriedBy(upgraded: NotOpen): Carried | undefined {
    if (upgraded.kind === 'refused') {
      const { status, retryAfterMs } = upgraded;
      const known = carriedByRefusal(status, retryAfterMs);
      if (known || status < 500 || status === 501) return known;
    }
    this.#unanswered += 1;
    if (this.#unanswered >= maxUnanswered) return undefined;
    const trouble: Trouble =
      upgraded.kind === 'refused'
        ? troubleOfStatus(upgraded.status)
        : { code: 'unreachable', error: 'UPGRADE_UNANSWERED' };
    return { verdict: 'retry', trouble };
  }

  #fallBack(): Way {
    const { clock, random, timing, onWay } = this.#options;
    const forMs = timing.httpsMs * (1 + random.fraction());
    if (this.#httpsUntilMs === undefined) onWay('https');
    this.#httpsUntilMs = clock.monotonicMs() + forMs;
    this.#openIn(forMs);
    return { kind: 'https' };
  }

  #idleDelayMs(failures: number, retryAfterMs?: number): number {
    const { random, timing } = this.#options;
    const fraction = random.fraction();
    return respectRetryAfter(fullJitter(timing.idle, failures, fraction), retryAfterMs, fraction);
  }

  #openIn(delayMs: number): void {
    this.#cancelReopening();
    if (this.#ending.signal.aborted) return;
    this.#cancelReopening = this.#options.clock.after(delayMs, () => {
      // What goes wrong here is told when there is something to send.
      this.#open(this.#ending.signal).catch(() => {});
    });
  }
}
