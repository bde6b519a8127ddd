/** The certificates in the file as a path: complete, in order, and to an authority that the gateway has. */
import { type Check, failed, passed, skipped } from '../check.ts';
import { findGap } from '../gap.ts';
import { anchorsInWords } from '../path-words.ts';
import type { ClientSubject } from './client-subject.ts';
import { ofLeaf } from './leaf.ts';
import { faultsOf, wordsOf } from './path-faults.ts';

const selfSigned = 'It is self-signed.';

const missing = 'client-certificate-intermediate-missing';
const notAccepted = 'client-issuer-not-accepted';

/** By the anchors, where they are known; else by what the file itself shows. */
function lacksIntermediate(subject: ClientSubject): boolean {
  if (faultsOf(subject, missing).length > 0) return true;
  return !knowsAnchors(subject) && findGap(subject.path, []) === 'intermediate';
}

function knowsAnchors({ clientCa }: ClientSubject): boolean {
  return clientCa !== undefined && clientCa.certificates.length > 0;
}

export const intermediateMissing = ofLeaf(
  missing,
  'Every certificate up to the CA is in the file',
  ({ seen }, subject) => {
    if (seen.selfSigned) return skipped(selfSigned);
    const { path, clientCa } = subject;
    const { missingIssuer } = path;
    if (faultsOf(subject, notAccepted).length > 0) return skipped('The CA itself is another one.');
    if (lacksIntermediate(subject)) {
      const issuer = missingIssuer ?? 'its issuer';
      return failed(
        `Add the certificate of ${issuer} to the file, after the certificate it issued.`,
        ...(missingIssuer === undefined
          ? wordsOf(subject, missing)
          : [
              `The last certificate of the path was issued by ${issuer}, which is not in the file.`,
            ]),
        ...(clientCa ? [`The gateway has ${anchorsInWords(clientCa.certificates)}.`] : []),
      );
    }
    const names = path.path.map((each) => `${each.subject.text}.`);
    if (missingIssuer === undefined || clientCa) return passed(...names);
    return skipped(
      `The path ends below ${missingIssuer}.`,
      'Whether the gateway has that one can be said with its --client-ca.',
    );
  },
);

export const issuerNotAccepted = ofLeaf(
  notAccepted,
  'The client CA of the gateway issued the certificate',
  ({ seen }, subject) => {
    const { clientCa, path } = subject;
    if (!clientCa) return skipped('No --client-ca is given.');
    if (!knowsAnchors(subject)) return skipped('It holds no certificate.');
    if (seen.selfSigned) return skipped(selfSigned);
    if (lacksIntermediate(subject)) return skipped('An intermediate is missing.');
    if (faultsOf(subject, notAccepted).length === 0) {
      return passed(`It has ${anchorsInWords(clientCa.certificates)}.`);
    }
    const end = path.path.at(-1);
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

export const chainOrder = ofLeaf(
  'client-certificate-chain-order',
  'Each certificate is followed by the one that issued it',
  ({ seen }, subject) => {
    const { certificates, path } = subject;
    if (certificates.length < 2) return skipped('There is one certificate in the file.');
    if (seen.selfSigned) return skipped(selfSigned);
    if (path.strays.length > 0 && lacksIntermediate(subject)) {
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

export const intermediateNotCa = ofIssuers(
  'client-intermediate-not-a-ca',
  'Every issuer in the file may issue certificates',
  'Have the certificate issued by a CA: basicConstraints CA:TRUE, and keyCertSign in its keyUsage.',
);

export const intermediatePurpose = ofIssuers(
  'client-intermediate-purpose',
  'Every issuer in the file may issue for clients',
  'Have the certificate issued by a CA without extendedKeyUsage, or with clientAuth in it.',
);

function ofIssuers(code: string, title: string, remedy: string): Check<ClientSubject> {
  return ofLeaf(code, title, (_, subject) => {
    const { path, ownFrom } = subject.verdict ?? { path: [], ownFrom: 0 };
    const issuers = path.slice(1, ownFrom);
    if (issuers.length === 0) return skipped('There is no issuer in the file.');
    const wrong = wordsOf(subject, code);
    if (wrong.length > 0) return failed(remedy, ...wrong);
    return passed(...issuers.map((each) => `${each.subject.text}.`));
  });
}
