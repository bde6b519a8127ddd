/** The certification path that OpenSSL would take, of those that could be: whether it holds is another question. */
import type { Certificate } from './certificate.ts';
import { isSameName } from './name.ts';
import { claimsIssuer } from './path.ts';

export interface PathQuestion {
  readonly leaf: Certificate;
  /** What the peer sends with it, in any order. */
  readonly others: readonly Certificate[];
  /** Whom the verifier trusts; absent when that is not known. */
  readonly anchors?: readonly Certificate[];
  /** What the leaf is to be: the client of a connection, or its server. */
  readonly purpose: 'client' | 'server';
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export interface OpensslPath {
  /** From the leaf upwards. */
  readonly path: readonly Certificate[];
  /** From this index on they are the verifier's own; the length of the path when none is. */
  readonly ownFrom: number;
  /** It ends at a root that the verifier has. */
  readonly isAnchored: boolean;
}

/** More certificates are not looked at; a peer sends few, and OpenSSL stops at a hundred. */
const maxLength = 32;

/**
 * As X509_verify_cert of OpenSSL 3 builds it, without partial chains: an issuer is looked for among the anchors first and
 * then among what was sent, and once one came from the anchors all further do. No signature is verified.
 */
export function buildOpensslPath(question: PathQuestion): OpensslPath {
  const { leaf, anchors = [], nowMs } = question;
  const sent: Certificate[] = [leaf];
  for (let current: Certificate | undefined = leaf; current; ) {
    const anchor = bestIssuer(current, anchors, nowMs);
    if (signsItself(current)) {
      // A root that only looks like the anchor is not it.
      const isAnchored = anchor?.sha256 === current.sha256;
      return { path: sent, ownFrom: sent.length - (isAnchored ? 1 : 0), isAnchored };
    }
    if (anchor) {
      const own = climb(anchor, anchors, nowMs);
      return { path: [...sent, ...own], ownFrom: sent.length, isAnchored: own.some(signsItself) };
    }
    current = issuerSent(current, sent, question);
    if (current) sent.push(current);
  }
  return { path: sent, ownFrom: sent.length, isAnchored: false };
}

/** From an anchor upwards, among the anchors alone. */
function climb(
  anchor: Certificate,
  anchors: readonly Certificate[],
  nowMs: number,
): readonly Certificate[] {
  const own: Certificate[] = [];
  let next: Certificate | undefined = anchor;
  while (next && own.length < maxLength) {
    own.push(next);
    next = signsItself(next) ? undefined : bestIssuer(next, anchors, nowMs);
  }
  return own;
}

function issuerSent(
  subject: Certificate,
  path: readonly Certificate[],
  { others, nowMs }: PathQuestion,
): Certificate | undefined {
  const unused = others.slice(0, maxLength).filter((each) => !isAmong(each, path));
  return bestIssuer(subject, unused.filter(maySign), nowMs) ?? bestIssuer(subject, unused, nowMs);
}

/** A keyUsage allows it to sign certificates, or there is none. */
export function maySign({ extensions: { keyUsage } }: Certificate): boolean {
  return keyUsage === undefined || keyUsage.includes('keyCertSign');
}

export function isAmong({ sha256 }: Certificate, certificates: readonly Certificate[]): boolean {
  return certificates.some((each) => each.sha256 === sha256);
}

/** By its names and identifiers, as OpenSSL sees it; the signature is not looked at. */
export function signsItself(certificate: Certificate): boolean {
  return certificate.isSelfIssued && claimsIssuer(certificate, certificate);
}

/** The first that is valid today, else the one that ends last. */
function bestIssuer(
  subject: Certificate,
  candidates: readonly Certificate[],
  nowMs: number,
): Certificate | undefined {
  const named = candidates.filter((each) => isSameName(subject.issuer.der, each.subject.der));
  const fit = named.filter((each) => claimsIssuer(subject, each));
  const valid = fit.filter((each) => each.notBeforeMs <= nowMs && nowMs <= each.notAfterMs);
  return valid[0] ?? fit.toSorted((one, other) => other.notAfterMs - one.notAfterMs)[0];
}
