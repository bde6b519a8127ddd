/** What the CAs of the path allow below them: how long a path, and which names (RFC 5280 sections 4.2.1.9 and 4.2.1.10). */
import { failed, passed, skipped } from '../check.ts';
import { lengthInWords } from '../path-words.ts';
import type { ClientSubject } from './client-subject.ts';
import { ofLeaf } from './leaf.ts';
import { wordsOf } from './path-faults.ts';

/** Up to the root, where the gateway's client CA is known. */
const issuersOf = ({ verdict }: ClientSubject) => verdict?.path.slice(1) ?? [];
const noIssuer = 'There is no issuer in the file.';

export const pathTooLong = ofLeaf(
  'client-path-too-long',
  'No CA issued deeper than it may',
  (_, subject) => {
    const issuers = issuersOf(subject);
    if (issuers.length === 0) return skipped(noIssuer);
    const wrong = wordsOf(subject, 'client-path-too-long');
    if (wrong.length === 0) return passed(...issuers.map(lengthInWords));
    return failed(
      'Have the certificate issued by a CA that may: the pathLenConstraint above it leaves no room for this one.',
      ...wrong,
    );
  },
);

export const nameNotPermitted = ofLeaf(
  'client-name-not-permitted',
  'Every CA permits the names below it',
  (_, subject) => {
    if (issuersOf(subject).length === 0) return skipped(noIssuer);
    const beyond = wordsOf(subject, 'client-name-not-permitted');
    if (beyond.length === 0) return passed();
    return failed(
      'Have the certificate issued with names that the CA may give, or by another CA.',
      ...beyond.slice(0, 8),
    );
  },
);

export const criticalExtensionUnknown = ofLeaf(
  'client-critical-extension-unknown',
  'No critical extension is one that OpenSSL does not know',
  (_, subject) => {
    const unknown = wordsOf(subject, 'client-critical-extension-unknown');
    if (unknown.length === 0) return passed();
    return failed(
      'Have it issued again without the extension, or with one that is not critical.',
      ...unknown,
    );
  },
);
