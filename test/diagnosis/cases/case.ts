/** One row of the table of causes: where a cause is the answer, and its neighbour where it is not. */
import type { Baseline } from '../../../src/diagnosis/baseline.ts';
import type { Confidence } from '../../../src/diagnosis/cause.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';

interface Look {
  readonly evidence: Evidence;
  readonly baseline?: Baseline;
}

export interface CauseCase {
  readonly code: string;
  /** What happened, for the title of the test. */
  readonly when: string;
  readonly look: Look;
  readonly confidence: Confidence;
  readonly nearMiss: {
    readonly when: string;
    readonly look: Look;
    /** What it is in its place; null when it is no failure, or nothing fits. */
    readonly instead: string | null;
  };
}
