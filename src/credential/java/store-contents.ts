/** What every reader of a trust store gives: the anchors, or why there are none to be had. */
import type { TrustStoreFault } from '../../evidence/evidence.ts';

export interface StoreContents {
  /** DER of what Java takes for anchors: trusted entries, and the first certificate of each key entry. */
  readonly anchors: readonly Uint8Array[];
  readonly fault?: TrustStoreFault;
}

/** A system's store holds some hundred. */
export const maxAnchors = 4096;

export function faulty(fault: TrustStoreFault): StoreContents {
  return { anchors: [], fault };
}
