/** Which check tells which fault of a client's path, so that no fault is told by none of them, or by two. */
import type { Flaw, PathFault } from '../../x509/judge-path.ts';
import { isAmong } from '../../x509/openssl-path.ts';
import { findGap } from '../gap.ts';
import { faultInWords } from '../path-words.ts';
import type { ClientSubject } from './client-subject.ts';

type Place = 'leaf' | 'issuer' | 'anchor';

const noAuthority = 'client-ca-no-authority';
const weak = 'client-certificate-weak';
const tooLong = 'client-path-too-long';
const notPermitted = 'client-name-not-permitted';
const intermediateMissing = 'client-certificate-intermediate-missing';

type Told = Exclude<Flaw, 'not-anchored' | 'bad-signature' | 'key-usage'>;

/** A leaf has issued nothing, as far as its path goes; what only an issuer can have stands for it as well. */
const codes: Readonly<Record<Told, readonly [leaf: string, issuer: string, anchor: string]>> = {
  'unknown-critical-extension': [
    'client-critical-extension-unknown',
    'client-critical-extension-unknown',
    noAuthority,
  ],
  'explicit-curve': ['client-key-type-unusable', 'client-key-type-unusable', noAuthority],
  'no-ca': ['client-intermediate-not-a-ca', 'client-intermediate-not-a-ca', noAuthority],
  'no-cert-sign': ['client-intermediate-not-a-ca', 'client-intermediate-not-a-ca', noAuthority],
  'extended-key-usage': ['client-certificate-purpose', 'client-intermediate-purpose', noAuthority],
  'netscape-type': ['client-certificate-purpose', 'client-intermediate-purpose', noAuthority],
  'path-too-long': [tooLong, tooLong, tooLong],
  'weak-key': [weak, weak, weak],
  'weak-signature': [weak, weak, weak],
  'not-yet-valid': [
    'client-certificate-not-yet-valid',
    'client-intermediate-not-yet-valid',
    'client-ca-not-yet-valid',
  ],
  expired: ['client-certificate-expired', 'client-intermediate-expired', 'client-ca-expired'],
  'name-not-permitted': [notPermitted, notPermitted, notPermitted],
};

/** The code of the check that fails for it. */
export function codeOf(fault: PathFault, subject: ClientSubject): string {
  const { flaw, depth, isAnchor, certificate } = fault;
  if (flaw === 'not-anchored') return whyNotAnchored(subject);
  if (flaw === 'bad-signature') {
    const isTheirs = depth + 1 >= (subject.verdict?.ownFrom ?? 0);
    return isTheirs ? 'client-issuer-not-accepted' : intermediateMissing;
  }
  if (flaw === 'key-usage') {
    return certificate.extensions.isCa
      ? 'client-certificate-is-ca'
      : 'client-certificate-key-usage';
  }
  const place: Place = depth === 0 ? 'leaf' : isAnchor ? 'anchor' : 'issuer';
  const [leaf, issuer, anchor] = codes[flaw];
  return { leaf, issuer, anchor }[place];
}

function whyNotAnchored({ verdict, leaf, path, clientCa }: ClientSubject): string {
  const anchors = clientCa?.certificates ?? [];
  const endsBelowRoot = verdict !== undefined && verdict.ownFrom < verdict.path.length;
  if (endsBelowRoot) return noAuthority;
  if (leaf?.seen.selfSigned) return 'client-certificate-self-signed';
  if (leaf && isAmong(leaf.certificate, anchors)) return noAuthority;
  return findGap(path, anchors) === 'intermediate'
    ? intermediateMissing
    : 'client-issuer-not-accepted';
}

/** The faults that a check tells. */
export function faultsOf(subject: ClientSubject, code: string): readonly PathFault[] {
  return (subject.verdict?.faults ?? []).filter((fault) => codeOf(fault, subject) === code);
}

/** The same, in words. */
export function wordsOf(subject: ClientSubject, code: string): readonly string[] {
  const { verdict, now } = subject;
  return verdict ? faultsOf(subject, code).flatMap((each) => faultInWords(each, verdict, now)) : [];
}
