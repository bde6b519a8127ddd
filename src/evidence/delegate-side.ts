/** The Java delegate as evidence: what its files say, and whether it would trust the chain that the server sent. */
import type { Anchors } from '../x509/anchors.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { judgePath } from './delegate-side-path.ts';
import type { DelegateDistrust, DelegateSeen, TrustStoreSeen } from './evidence.ts';

/** Read once, and asked at any number of looks. */
export interface DelegateSide {
  /** What does not depend on a server. */
  readonly seen: DelegateSeen;
  /** With the verdict over a server. `serverCertificates`: DER in the order sent. `nowMs`: milliseconds since 1970. */
  see(serverCertificates: readonly Uint8Array[] | undefined, nowMs: number): DelegateSeen;
}

/** `anchors` is absent when what Java trusts is not known, and empty when it is known to trust nobody. */
export function toDelegateSide(seen: DelegateSeen, anchors?: Anchors): DelegateSide {
  return {
    seen,
    see: (serverCertificates = [], nowMs) => {
      const chain = serverCertificates.map(readCertificate).filter((one) => one !== undefined);
      const distrust = judge(seen.trustStore, anchors, chain, nowMs);
      if (distrust === undefined) return seen;
      return distrust === 'none'
        ? { ...seen, trustsServer: true }
        : { ...seen, trustsServer: false, distrust };
    },
  };
}

/** Undefined when it cannot be known. */
function judge(
  store: TrustStoreSeen | undefined,
  anchors: Anchors | undefined,
  chain: readonly Certificate[],
  nowMs: number,
): DelegateDistrust | 'none' | undefined {
  const [leaf] = chain;
  if (leaf === undefined) return undefined;
  if (store?.fault === 'wrong-password' || store?.fault === 'damaged') return 'store-unusable';
  if (store?.format === 'pem') return 'store-unusable';
  return anchors && (judgePath(leaf, chain, anchors, nowMs) ?? 'none');
}
