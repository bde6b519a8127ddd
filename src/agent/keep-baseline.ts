/** Keeps what was accepted, for comparison with what comes. */
import { errorCode } from '../base/cannot-run.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Baselines } from '../state/baselines.ts';
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
