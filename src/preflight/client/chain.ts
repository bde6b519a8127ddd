/** The certificates in the file as a path: complete, in order, and to an authority that the gateway has. */
import type { Certificate } from '../../x509/certificate.ts';
import { type Check, failed, passed, skipped } from '../check.ts';
import { findGap, type Gap } from '../gap.ts';
import type { ClientSubject } from './client-subject.ts';
import { noCertificate, ofLeaf } from './leaf.ts';

const selfSigned = 'It is self-signed.';

function gapOf({ path, clientCa }: ClientSubject): Gap | undefined {
  return findGap(path, clientCa?.certificates ?? []);
}

export const intermediateMissing = ofLeaf(
  'client-certificate-intermediate-missing',
  'Every certificate up to the CA is in the file',
  ({ seen }, subject) => {
    if (seen.selfSigned) return skipped(selfSigned);
    const { path, clientCa } = subject;
    const names = path.path.map((each) => `${each.subject.text}.`);
    const { missingIssuer } = path;
    const gap = gapOf(subject);
    if (gap === 'issuer') return skipped('The CA itself is another one.');
    if (gap === 'intermediate') {
      return failed(
        `Add the certificate of ${missingIssuer} to the file, after the certificate it issued.`,
        `The last certificate of the path was issued by ${missingIssuer}, which is not in the file.`,
        ...(clientCa ? [`The gateway has ${anchorsInWords(clientCa.certificates)}.`] : []),
      );
    }
    if (missingIssuer === undefined || clientCa) return passed(...names);
    return skipped(
      `The path ends below ${missingIssuer}.`,
      'Whether the gateway has that one can be said with its --client-ca.',
    );
  },
);

export const issuerNotAccepted = ofLeaf(
  'client-issuer-not-accepted',
  'The client CA of the gateway issued the certificate',
  ({ seen }, subject) => {
    const { clientCa, path } = subject;
    if (!clientCa) return skipped('No --client-ca is given.');
    if (clientCa.certificates.length === 0) return skipped('It holds no certificate.');
    if (seen.selfSigned) return skipped(selfSigned);
    const gap = gapOf(subject);
    if (gap === 'intermediate') return skipped('An intermediate is missing.');
    const end = path.path.at(-1);
    if (gap === undefined) return passed(`It has ${anchorsInWords(clientCa.certificates)}.`);
    return failed(
      'Register the issuing CA with the gateway, or use a certificate from a CA that it has.',
      `The path in the file ends at ${end?.subject.text}, issued by ${end?.issuer.text}.`,
      `The gateway has ${anchorsInWords(clientCa.certificates)}, which did not issue it.`,
      ...(end?.isSelfIssued
        ? []
        : ['If that issuer is an intermediate of it, the intermediate is missing in the file.']),
    );
  },
);

const maxNames = 8;

function anchorsInWords(anchors: readonly Certificate[]): string {
  const names = anchors.slice(0, maxNames).map(({ subject }) => subject.text);
  const more = anchors.length > maxNames ? ` and ${anchors.length - maxNames} more` : '';
  return `${names.join('; ')}${more}`;
}

export const chainOrder = ofLeaf(
  'client-certificate-chain-order',
  'Each certificate is followed by the one that issued it',
  ({ seen }, subject) => {
    const { certificates, path } = subject;
    if (certificates.length < 2) return skipped('There is one certificate in the file.');
    if (seen.selfSigned) return skipped(selfSigned);
    if (path.strays.length > 0 && gapOf(subject) === 'intermediate') {
      return skipped('An intermediate is missing.');
    }
    const at = certificates.findIndex((each, index) => each !== path.path[index]);
    if (at < 0) return passed(...certificates.map((each) => `${each.subject.text}.`));
    const [before, stray] = [certificates[at - 1], certificates[at]];
    return failed(
      'Sort the file: the certificate of the key first, then each issuer after what it issued, and nothing else.',
      before
        ? `${before.subject.text} is followed by ${stray?.subject.text}, which did not issue it.`
        : `It begins with ${stray?.subject.text}, and the certificate of the key comes later.`,
    );
  },
);

export const intermediateNotCa: Check<ClientSubject> = {
  code: 'client-intermediate-not-a-ca',
  title: 'Every issuer in the file may issue certificates',
  judge: ({ leaf, path }) => {
    if (!leaf) return skipped(noCertificate);
    const issuers = path.path.slice(1);
    if (issuers.length === 0) return skipped('There is no issuer in the file.');
    const wrong = issuers.filter((issuer) => !mayIssue(issuer));
    if (wrong.length === 0) return passed(...issuers.map((each) => `${each.subject.text}.`));
    return failed(
      'Have the certificate issued by a CA: basicConstraints CA:TRUE, and keyCertSign in its keyUsage.',
      ...wrong.map((each) => `${each.subject.text} is no CA, or may not sign certificates.`),
    );
  },
};

function mayIssue({ extensions: { isCa, keyUsage } }: Certificate): boolean {
  return isCa === true && (keyUsage === undefined || keyUsage.includes('keyCertSign'));
}
