/** What a warning is: something that does not explain the outcome and will matter. */
import type { Situation } from './cause.ts';
import type { ExpiryThresholdName } from './expiry-thresholds.ts';

export interface Warning {
  /** The code of a cause where that cause would be named if it mattered; else one of its own. */
  readonly code: string;
  readonly title: string;
  readonly evidence: string;
  /** Of an expiry, the last that was crossed: each is news of its own. */
  readonly threshold?: ExpiryThresholdName;
  /** Of an expiry, which certificate. */
  readonly certificateSha256?: string;
}

export type Look = (situation: Situation) => Warning | undefined;
