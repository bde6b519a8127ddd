/**
 * Whether Java would trust a server's chain (RFC 5280 section 6, as its PKIX validator applies it): an anchor is a name
 * with a key, whose own dates do not count, and a leaf that is itself in the store is trusted as it is.
 * Host names are not compared: the delegate compares none.
 */
import type { Anchors } from '../x509/anchors.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/path.ts';
import type { DelegateDistrust } from './evidence.ts';

/** Certificates of the server that are looked at, and signatures that are verified: bounds what a hostile chain costs. */
const maxCertificates = 16;
const maxSteps = 64;

interface Search {
  readonly sent: readonly Certificate[];
  readonly anchors: Anchors;
  readonly nowMs: number;
  stepsLeft: number;
}

/** Undefined when there is a path without a fault, else what is wrong with the best there is. */
export function judgePath(
  leaf: Certificate,
  sent: readonly Certificate[],
  anchors: Anchors,
  nowMs: number,
): DelegateDistrust | undefined {
  const isInStore = anchors.named(leaf.subject.der).some(({ sha256 }) => sha256 === leaf.sha256);
  if (isInStore) return undefined;
  const known = sent.slice(0, maxCertificates);
  return extend([leaf], leaf, { sent: known, anchors, nowMs, stepsLeft: maxSteps });
}

/** `last` is the end of the path so far; every issuer that the server sent is tried, for there may be several. */
function extend(
  path: readonly Certificate[],
  last: Certificate,
  search: Search,
): DelegateDistrust | undefined {
  search.stepsLeft -= 1;
  if (search.stepsLeft < 0) return 'no-path';
  const judged = belowAnchor(path, last, search.anchors);
  if (judged) return faultOf(judged, search.nowMs);
  let best: DelegateDistrust = 'no-path';
  for (const issuer of search.sent) {
    const isNew = path.every(({ sha256 }) => sha256 !== issuer.sha256);
    if (!isNew || !isIssuedBy(last, issuer)) continue;
    const fault = extend([...path, issuer], issuer, search);
    if (fault === undefined) return undefined;
    if (fault !== 'no-path') best = fault;
  }
  return best;
}

/** What of a path that reaches an anchor must hold by itself: all but its end, where that is the anchor. */
function belowAnchor(
  path: readonly Certificate[],
  last: Certificate,
  anchors: Anchors,
): readonly Certificate[] | undefined {
  const isAnchor = anchors
    .named(last.subject.der)
    .some(({ publicKey }) => publicKey.sha256 === last.publicKey.sha256);
  if (isAnchor && path.length > 1) return path.slice(0, -1);
  const issuers = anchors.named(last.issuer.der);
  return issuers.some((anchor) => isIssuedBy(last, anchor)) ? path : undefined;
}

function faultOf(
  [leaf, ...issuers]: readonly Certificate[],
  nowMs: number,
): DelegateDistrust | undefined {
  const judged = leaf ? [leaf, ...issuers] : [];
  if (judged.some(({ notAfterMs }) => notAfterMs < nowMs)) return 'expired';
  if (judged.some(({ notBeforeMs }) => notBeforeMs > nowMs)) return 'not-yet-valid';
  if (!issuers.every(mayIssue)) return 'not-a-ca';
  return leaf && isForServers(leaf) ? undefined : 'purpose';
}

function mayIssue({ extensions: { isCa, keyUsage } }: Certificate): boolean {
  return isCa === true && (keyUsage === undefined || keyUsage.includes('keyCertSign'));
}

function isForServers({ extensions: { extendedKeyUsage } }: Certificate): boolean {
  return (
    extendedKeyUsage === undefined ||
    extendedKeyUsage.some((usage) => usage === 'serverAuth' || usage === 'anyExtendedKeyUsage')
  );
}
