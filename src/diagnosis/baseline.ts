/** The last accepted evidence of a target, and what has changed since. */
import type { Evidence } from '../evidence/evidence.ts';

/** Stored per target in the state database, replaced whole at every proven acceptance. */
export interface Baseline {
  readonly evidence: Evidence;
}

/** One observed difference; `what` is the path of the fact in the report. */
export interface Change {
  readonly what: string;
  readonly before: unknown;
  readonly now: unknown;
}
