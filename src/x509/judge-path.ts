/** Why a certification path is refused: the verdict of OpenSSL 3 on it, from the certificates alone (RFC 5280 section 6). */

import type { Certificate } from './certificate.ts';
import { derTags, readChildren, readSequence } from './der.ts';
import { namesBeyond } from './name-constraints.ts';
import {
  buildOpensslPath,
  maySign,
  type OpensslPath,
  type PathQuestion,
  signsItself,
} from './openssl-path.ts';
import { verifies } from './path.ts';

export type Flaw =
  /** The path ends below a root that the verifier has. */
  | 'not-anchored'
  | 'unknown-critical-extension'
  | 'explicit-curve'
  /** It issued the certificate below it, and is no CA, or its keyUsage keeps it from signing. */
  | 'no-ca'
  | 'no-cert-sign'
  /** Its extendedKeyUsage, keyUsage or Netscape type leaves the purpose out. */
  | 'extended-key-usage'
  | 'key-usage'
  | 'netscape-type'
  | 'path-too-long'
  | 'weak-key'
  | 'weak-signature'
  | 'bad-signature'
  | 'not-yet-valid'
  | 'expired'
  | 'name-not-permitted';

export interface PathFault {
  readonly flaw: Flaw;
  readonly certificate: Certificate;
  /** 0 is the leaf. */
  readonly depth: number;
  /** It is one of the verifier's own. */
  readonly isAnchor: boolean;
  /** Of names that are not permitted: which, and by whom; of extensions: their object identifiers. Safe to print. */
  readonly details: readonly string[];
}

export interface PathVerdict extends OpensslPath {
  /** In the order in which OpenSSL minds them, so that the first is the reason; none when the path is accepted. */
  readonly faults: readonly PathFault[];
}

type Purpose = PathQuestion['purpose'];

/**
 * At OpenSSL's default security level 2, and for a verifier that accepts no partial path. Without anchors only what the
 * certificates themselves show is a fault: the path may go on, and a root have been renewed.
 */
export function judgePath(question: PathQuestion): PathVerdict {
  const built = buildOpensslPath(question);
  return { ...built, faults: findFaults(question, built) };
}

/** Why no certificate that the anchor `leaf` issues would be accepted, whatever stands in it. */
export function judgeAnchor(question: Omit<PathQuestion, 'others'>): readonly PathFault[] {
  const { leaf } = question;
  const { path, isAnchored } = buildOpensslPath({ ...question, others: [] });
  // As if it had issued one: it stands in for that, too, which is then not judged.
  const above = { path: [leaf, ...path], ownFrom: 1, isAnchored };
  return findFaults({ ...question, others: [] }, above).filter(({ depth }) => depth > 0);
}

function findFaults(question: PathQuestion, built: OpensslPath): readonly PathFault[] {
  const { path, ownFrom } = built;
  const fault = (flaw: Flaw, depth: number, details: readonly string[] = []): PathFault[] => {
    const certificate = path[depth] ?? question.leaf;
    return [{ flaw, certificate, depth, isAnchor: depth >= ownFrom, details }];
  };
  const judged: Judged = { ...question, ...built, fault };
  return [
    ...ofAnchor(judged),
    ...path.flatMap((_, depth) => ofExtensions(judged, depth)),
    ...path.flatMap((_, depth) => ofStrength(judged, depth)),
    // From the root down.
    ...path.flatMap((_, index) => ofIssue(judged, path.length - 1 - index)),
    ...path.flatMap((_, depth) => ofNames(judged, depth)),
  ];
}

interface Judged extends PathQuestion, OpensslPath {
  fault(flaw: Flaw, depth: number, details?: readonly string[]): readonly PathFault[];
}

function ofAnchor({ anchors, isAnchored, path, fault }: Judged): readonly PathFault[] {
  return anchors === undefined || isAnchored ? [] : fault('not-anchored', path.length - 1);
}

function ofExtensions(judged: Judged, depth: number): readonly PathFault[] {
  const { path, purpose, fault } = judged;
  const certificate = path[depth];
  if (!certificate) return [];
  const { unknownCritical = [], extendedKeyUsage, pathLength } = certificate.extensions;
  const flaws = depth === 0 ? leafFlaws(certificate, purpose) : issuerFlaws(judged, depth);
  const isExplicit = path.length > 1 && hasExplicitCurve(certificate);
  const isTooLong = pathLength !== undefined && intermediatesBelow(path, depth) > pathLength;
  const isOther =
    extendedKeyUsage?.some((usage) => usages[purpose].extended.includes(usage)) === false;
  return [
    ...(unknownCritical.length > 0
      ? fault('unknown-critical-extension', depth, unknownCritical)
      : []),
    ...flaws.filter((flaw) => flaw === 'no-ca').flatMap((flaw) => fault(flaw, depth)),
    ...(isExplicit ? fault('explicit-curve', depth) : []),
    ...(isOther ? fault('extended-key-usage', depth, extendedKeyUsage) : []),
    ...flaws.filter((flaw) => flaw !== 'no-ca').flatMap((flaw) => fault(flaw, depth)),
    ...(depth > 0 && isTooLong ? fault('path-too-long', depth) : []),
  ];
}

/** One of each is enough; anyExtendedKeyUsage is none to OpenSSL. */
const usages: Readonly<Record<Purpose, Usages>> = {
  client: {
    extended: ['clientAuth'],
    key: ['digitalSignature', 'keyAgreement'],
    netscape: 'sslClient',
  },
  server: {
    // Server-gated cryptography of Microsoft and Netscape.
    extended: ['serverAuth', '1.3.6.1.4.1.311.10.3.3', '2.16.840.1.113730.4.1'],
    key: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
    netscape: 'sslServer',
  },
};

interface Usages {
  readonly extended: readonly string[];
  readonly key: readonly string[];
  readonly netscape: string;
}

function leafFlaws({ extensions }: Certificate, purpose: Purpose): readonly Flaw[] {
  const { keyUsage, netscapeTypes } = extensions;
  const { key, netscape } = usages[purpose];
  const lacksKey = keyUsage && !key.some((usage) => keyUsage.includes(usage));
  const lacksType = netscapeTypes && !netscapeTypes.includes(netscape);
  return [
    ...(lacksKey ? (['key-usage'] as const) : []),
    ...(lacksType ? (['netscape-type'] as const) : []),
  ];
}

function issuerFlaws(judged: Judged, depth: number): readonly Flaw[] {
  const { path, anchors } = judged;
  const issuer = path[depth];
  if (!issuer) return [];
  const isLast = depth === path.length - 1 && (anchors !== undefined || signsItself(issuer));
  if (!maySign(issuer)) return ['no-cert-sign'];
  const { isCa, netscapeTypes } = issuer.extensions;
  if (isCa === true) return [];
  return isLast && isCa === undefined && passesForRoot(issuer, netscapeTypes) ? [] : ['no-ca'];
}

/** From before there were basicConstraints. */
function passesForRoot(issuer: Certificate, netscapeTypes: readonly string[] = []): boolean {
  const { version, extensions } = issuer;
  if (version === 1 && signsItself(issuer)) return true;
  return extensions.keyUsage !== undefined || netscapeTypes.includes('sslCA');
}

/** Certificates with which a CA renewed itself do not count. */
export function intermediatesBelow(path: readonly Certificate[], depth: number): number {
  return path.slice(1, depth).filter(({ isSelfIssued }) => !isSelfIssued).length;
}

/** The curve is spelt out in place of its name (RFC 5480 section 2.1.1 forbids it). */
function hasExplicitCurve({ publicKey: { algorithm, der } }: Certificate): boolean {
  if (algorithm !== 'ec') return false;
  const [type] = readSequence(der) ?? [];
  return readChildren(type, derTags.sequence)?.[1]?.tag === derTags.sequence;
}

function ofStrength({ path, anchors, fault }: Judged, depth: number): readonly PathFault[] {
  const certificate = path[depth];
  if (!certificate) return [];
  // Nobody verifies how the last one was signed; where the path may go on, it is only a root's own signature.
  const isLast = depth === path.length - 1;
  const isVouchedFor = isLast && (anchors !== undefined || signsItself(certificate));
  return [
    ...(isWeakKey(certificate) ? fault('weak-key', depth) : []),
    ...(!isVouchedFor && weakDigest.test(certificate.signatureAlgorithm)
      ? fault('weak-signature', depth)
      : []),
  ];
}

/** Below 112 bits of security, which is level 2 (SSL_CTX_set_security_level). */
function isWeakKey({ publicKey: { algorithm, bits } }: Certificate): boolean {
  if (bits === undefined) return false;
  return algorithm === 'ec'
    ? bits < 224
    : ['rsa', 'rsa-pss', 'dsa'].includes(algorithm) && bits < 2048;
}

const weakDigest = /sha-?1(?!\d)|md[245]/i;

function ofIssue(judged: Judged, depth: number): readonly PathFault[] {
  const { path, anchors, nowMs, fault } = judged;
  const [certificate, issuer] = [path[depth], path[depth + 1]];
  if (!certificate) return [];
  const isForged = issuer !== undefined && !verifies(certificate, issuer);
  // The verifier has its own root, perhaps a renewed one.
  const isStandIn = anchors === undefined && depth > 0 && certificate.isSelfIssued;
  return [
    ...(isForged ? fault('bad-signature', depth) : []),
    ...(!isStandIn && certificate.notBeforeMs > nowMs ? fault('not-yet-valid', depth) : []),
    ...(!isStandIn && certificate.notAfterMs < nowMs ? fault('expired', depth) : []),
  ];
}

function ofNames({ path, fault }: Judged, depth: number): readonly PathFault[] {
  const certificate = path[depth];
  if (!certificate || (depth > 0 && certificate.isSelfIssued)) return [];
  const beyond = path
    .slice(depth + 1)
    .flatMap(({ subject, extensions: { nameConstraints } }) =>
      nameConstraints
        ? namesBeyond(nameConstraints, certificate, depth === 0).map(
            (name) => `${subject.text} does not permit ${name}.`,
          )
        : [],
    );
  return beyond.length === 0 ? [] : fault('name-not-permitted', depth, beyond);
}
