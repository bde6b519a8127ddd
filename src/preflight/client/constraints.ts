/** What the CAs of the path allow below them: how long a path, and which names (RFC 5280 sections 4.2.1.9 and 4.2.1.10). */
import type { Certificate } from '../../x509/certificate.ts';
import { namesBeyond } from '../../x509/name-constraints.ts';
import { buildPath } from '../../x509/path.ts';
import { failed, passed, skipped } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';
import { ofLeaf } from './leaf.ts';

const noIssuer = 'There is no issuer in the file.';

/** Up to the root, where the gateway's client CA is known. */
function wholePath({ path, clientCa }: ClientSubject): readonly Certificate[] {
  return buildPath([...path.path, ...(clientCa?.certificates ?? [])], path.path[0]).path;
}

export const pathTooLong = ofLeaf(
  'client-path-too-long',
  'No CA issued deeper than it may',
  (_, subject) => {
    const path = wholePath(subject);
    if (path.length < 2) return skipped(noIssuer);
    const wrong = path.filter((issuer, at) => {
      const { pathLength } = issuer.extensions;
      return at > 0 && pathLength !== undefined && intermediatesBelow(path, at) > pathLength;
    });
    if (wrong.length === 0) return passed(...path.slice(1).map(lengthInWords));
    return failed(
      'Have the certificate issued by a CA that may: the pathLenConstraint above it leaves no room for this one.',
      ...wrong.map(
        (issuer) =>
          `${lengthInWords(issuer)} The path has ${intermediatesBelow(path, path.indexOf(issuer))}.`,
      ),
    );
  },
);

/** Certificates with which a CA renewed itself do not count. */
function intermediatesBelow(path: readonly Certificate[], at: number): number {
  return path.slice(1, at).filter(({ isSelfIssued }) => !isSelfIssued).length;
}

function lengthInWords({ subject, extensions: { pathLength } }: Certificate): string {
  return pathLength === undefined
    ? `${subject.text} sets no limit.`
    : `${subject.text} allows ${pathLength} CAs below it.`;
}

export const nameNotPermitted = ofLeaf(
  'client-name-not-permitted',
  'Every CA permits the names below it',
  (_, subject) => {
    const path = wholePath(subject);
    if (path.length < 2) return skipped(noIssuer);
    const beyond = path.flatMap((issuer, at) => namesBelow(path, issuer, at));
    if (beyond.length === 0) return passed();
    return failed(
      'Have the certificate issued with names that the CA may give, or by another CA.',
      ...beyond.slice(0, 8),
    );
  },
);

function namesBelow(
  path: readonly Certificate[],
  { extensions: { nameConstraints }, subject }: Certificate,
  at: number,
): readonly string[] {
  if (!nameConstraints) return [];
  return path
    .slice(0, at)
    .filter(({ isSelfIssued }, below) => below === 0 || !isSelfIssued)
    .flatMap((certificate) =>
      namesBeyond(nameConstraints, certificate, certificate === path[0]).map(
        (name) => `${subject.text} does not permit ${name}.`,
      ),
    );
}
