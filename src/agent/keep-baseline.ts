/** Keeps what was accepted and what was told, for comparison with what comes. */
import { errorCode } from '../base/cannot-run.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Baselines } from '../state/baselines.ts';
import type { Warned } from '../state/warned.ts';
import type { ProgramLog } from './ports.ts';
import { targetKey } from './target-key.ts';

/** A baseline that cannot be written is missed at the next failure, and no reason to withhold this verdict. */
export function keepBaseline(evidence: Evidence, baselines: Baselines, log: ProgramLog): void {
  try {
    baselines.put(targetKey(evidence.target), { evidence });
  } catch (error) {
    log.warn('the baseline was not kept', { code: errorCode(error) });
  }
}

/** What cannot be written is told again after a restart. */
export function keepWarned(
  targetKey: string,
  keys: readonly string[],
  warned: Warned,
  log: ProgramLog,
): void {
  try {
    warned.put(targetKey, keys);
  } catch (error) {
    log.warn('which warnings were told was not kept', { code: errorCode(error) });
  }
}
