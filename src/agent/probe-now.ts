/** How often a look that home asks for is made, whatever home says: the one thing that home can make this agent do. */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { ProgramLog } from './ports.ts';

export interface ProbeNowOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: ProgramLog;
  /** Looks at every target at once. */
  readonly look: () => void;
}

export interface ProbeNow {
  /** Home asks, any home: they share the limits. */
  asked(): void;
  /** How often it was asked in vain. */
  ignored(): number;
  /** No look follows after it. */
  stop(): void;
}

export const probeNowLimits = { perMinute: 1, perHour: 10 } as const;
/** So that a fleet that is asked at once does not arrive at once, even where home does not spread it. */
const jitterMs = 2_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

export function probeNow({ clock, random, log, look }: ProbeNowOptions): ProbeNow {
  let heededMs: readonly number[] = [];
  let ignored = 0;
  let cancel = (): void => {};
  const isAllowed = (nowMs: number): boolean => {
    const within = (ms: number) => heededMs.filter((at) => nowMs - at < ms).length;
    return within(minuteMs) < probeNowLimits.perMinute && within(hourMs) < probeNowLimits.perHour;
  };
  return {
    asked: () => {
      const nowMs = clock.monotonicMs();
      if (!isAllowed(nowMs)) {
        ignored += 1;
        // Told once for each run of them: a home that asks without end fills no log.
        if (ignored === 1) log.warn('home asks for a look too often: it is not heeded');
        return;
      }
      log.info('home asks for a look at once', { ignoredBefore: ignored });
      ignored = 0;
      heededMs = [...heededMs.filter((at) => nowMs - at < hourMs), nowMs];
      cancel = clock.after(random.fraction() * jitterMs, look);
    },
    ignored: () => ignored,
    stop: () => cancel(),
  };
}
