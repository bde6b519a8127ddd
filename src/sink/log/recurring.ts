/** Trouble that comes again and again: told at once, then at growing gaps with how often it came, and when it is over. */
import type { Clock } from '../../base/clock.ts';
import type { LogFacts } from './program-log.ts';

export interface Recurring {
  /** It is here, once more. */
  happened(facts?: LogFacts): void;
  /** It is not here; told only after it was. */
  over(facts?: LogFacts): void;
}

export interface RecurringWords {
  /** Told with `times`, how often it came since it was told last, where that is more than once. */
  readonly tell: (facts: LogFacts) => void;
  /** Told with `times`, how often it came in all. */
  readonly tellOver: (facts: LogFacts) => void;
}

const firstGapMs = 60_000;
const longestGapMs = 3_600_000;

export function recurring(
  clock: Pick<Clock, 'monotonicMs'>,
  { tell, tellOver }: RecurringWords,
): Recurring {
  let toldMs = 0;
  let gapMs = 0;
  let untold = 0;
  let inAll = 0;
  return {
    happened: (facts) => {
      inAll += 1;
      untold += 1;
      const nowMs = clock.monotonicMs();
      if (inAll > 1 && nowMs - toldMs < gapMs) return;
      tell({ ...facts, ...(untold > 1 && { times: untold }) });
      toldMs = nowMs;
      gapMs = Math.min(Math.max(firstGapMs, gapMs * 2), longestGapMs);
      untold = 0;
    },
    over: (facts) => {
      if (inAll === 0) return;
      tellOver({ ...facts, times: inAll });
      [gapMs, untold, inAll] = [0, 0, 0];
    },
  };
}
