/** Which check tells which fault of the server's path. */
import type { Flaw, PathFault } from '../../x509/judge-path.ts';
import { findGap } from '../gap.ts';
import { faultInWords } from '../path-words.ts';
import type { GatewaySubject } from './gateway-subject.ts';

const purpose = 'server-certificate-purpose';
const invalid = 'server-chain-invalid';
const untrusted = 'server-issuer-untrusted';
const weak = 'server-certificate-weak';

type Told = Exclude<Flaw, 'not-anchored' | 'bad-signature'>;

const codes: Readonly<Record<Told, readonly [leaf: string, issuer: string, anchor: string]>> = {
  'unknown-critical-extension': [invalid, invalid, untrusted],
  'explicit-curve': [invalid, invalid, untrusted],
  'no-ca': [invalid, invalid, untrusted],
  'no-cert-sign': [invalid, invalid, untrusted],
  'extended-key-usage': [purpose, invalid, untrusted],
  'key-usage': [purpose, invalid, untrusted],
  'netscape-type': [purpose, invalid, untrusted],
  'path-too-long': [invalid, invalid, invalid],
  'weak-key': [weak, weak, weak],
  'weak-signature': [weak, weak, weak],
  'not-yet-valid': ['server-certificate-not-yet-valid', invalid, untrusted],
  expired: ['server-certificate-expired', 'server-intermediate-expired', 'ca-expired'],
  'name-not-permitted': [invalid, invalid, invalid],
};

/** The code of the check that fails for it. */
export function codeOf(fault: PathFault, subject: GatewaySubject): string {
  const { flaw, depth, isAnchor } = fault;
  if (flaw === 'not-anchored') return whyNotAnchored(subject);
  if (flaw === 'bad-signature') {
    return depth + 1 >= (subject.verdict?.ownFrom ?? 0) ? untrusted : invalid;
  }
  const [leaf, issuer, anchor] = codes[flaw];
  if (depth === 0) return leaf;
  return isAnchor ? anchor : issuer;
}

function whyNotAnchored({ path, verdict, ca }: GatewaySubject): string {
  const endsBelowRoot = verdict !== undefined && verdict.ownFrom < verdict.path.length;
  if (endsBelowRoot) return untrusted;
  const gap = findGap(path, ca?.certificates ?? []);
  return gap === 'intermediate' ? 'server-chain-incomplete' : untrusted;
}

/** What a check tells, in words. */
export function wordsOf(subject: GatewaySubject, code: string): readonly string[] {
  const { verdict, now } = subject;
  if (!verdict) return [];
  const faults = verdict.faults.filter((fault) => codeOf(fault, subject) === code);
  return faults.flatMap((each) => faultInWords(each, verdict, now));
}
