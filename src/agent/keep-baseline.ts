/** Keeps what was accepted and what was told, for comparison with what comes. */
import { errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type Recurring, recurring } from '../sink/log/recurring.ts';
import type { Baselines } from '../state/baselines.ts';
import type { Warned } from '../state/warned.ts';
import type { ProgramLog } from './ports.ts';
import { targetKey } from './target-key.ts';

/** A disk that takes nothing is told once, and not at every look. */
export interface KeepingTroubles {
  readonly baseline: Recurring;
  readonly warned: Recurring;
}

export function keepingTroubles(
  clock: Pick<Clock, 'monotonicMs'>,
  log: ProgramLog,
): KeepingTroubles {
  return {
    baseline: recurring(clock, {
      tell: (facts) => log.warn('the baseline was not kept', facts),
      tellOver: (facts) => log.info('the baseline is kept again', facts),
    }),
    warned: recurring(clock, {
      tell: (facts) => log.warn('which warnings were told was not kept', facts),
      tellOver: (facts) => log.info('which warnings were told is kept again', facts),
    }),
  };
}

/** A baseline that cannot be written is missed at the next failure, and no reason to withhold this verdict. */
export function keepBaseline(
  evidence: Evidence,
  baselines: Baselines,
  { baseline: trouble }: Pick<KeepingTroubles, 'baseline'>,
): void {
  try {
    baselines.put(targetKey(evidence.target), { evidence });
    trouble.over();
  } catch (error) {
    trouble.happened({ code: errorCode(error) });
  }
}

/** What cannot be written is told again after a restart. */
export function keepWarned(
  targetKey: string,
  keys: readonly string[],
  warned: Warned,
  { warned: trouble }: Pick<KeepingTroubles, 'warned'>,
): void {
  try {
    warned.put(targetKey, keys);
    trouble.over();
  } catch (error) {
    trouble.happened({ code: errorCode(error) });
  }
}
