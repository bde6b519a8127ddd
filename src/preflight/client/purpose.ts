/** What the certificate may be used for, and whether it is one to present at all. */
import { lacksDigitalSignature } from '../../diagnosis/own-certificate.ts';
import { failed, passed, skipped, warned } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';
import { ofLeaf } from './leaf.ts';
import { wordsOf } from './path-faults.ts';

export const certificatePurpose = ofLeaf(
  'client-certificate-purpose',
  'The certificate is meant for clients',
  ({ certificate, seen: { extendedKeyUsage: usages } }, subject) => {
    const wrong = wordsOf(subject, 'client-certificate-purpose');
    if (wrong.length === 0) {
      if (usages) return passed(`Its extendedKeyUsage allows ${usages.join(', ')}.`);
      return passed('It has no extendedKeyUsage, which allows all.');
    }
    return failed(
      certificate.extensions.netscapeTypes
        ? 'Have it issued again with clientAuth in its extendedKeyUsage, and without a Netscape certificate type.'
        : 'Have it issued again with clientAuth in its extendedKeyUsage.',
      ...wrong,
      ...(usages?.includes('anyExtendedKeyUsage')
        ? ['OpenSSL, and so most gateways, does not take anyExtendedKeyUsage for clientAuth.']
        : []),
    );
  },
);

export const certificateKeyUsage = ofLeaf(
  'client-certificate-key-usage',
  'The certificate allows its key to sign',
  ({ seen }, subject) => {
    const { keyUsage, isCa } = seen;
    if (isCa) return skipped('It is the certificate of a CA.');
    if (keyUsage === undefined) return passed('It has no keyUsage, which allows all.');
    const remedy = 'Have it issued again with digitalSignature in its keyUsage.';
    const wrong = wordsOf(subject, 'client-certificate-key-usage');
    if (wrong.length > 0) return failed(remedy, ...wrong);
    const words = `Its keyUsage allows ${keyUsage.join(', ')}.`;
    if (!lacksDigitalSignature(seen)) return passed(words);
    return warned(
      remedy,
      words,
      'OpenSSL takes keyAgreement for it; others, such as Java, do not.',
    );
  },
);

export const certificateSelfSigned = ofLeaf(
  'client-certificate-self-signed',
  'An authority issued the certificate',
  ({ seen }, subject) => {
    if (!seen.selfSigned) return passed(`It was issued by ${seen.issuer}.`);
    if (isRegistered(seen.sha256, subject)) {
      return passed('It signed itself, and the gateway has it among its client CAs.');
    }
    return failed(
      'Have the CA that is registered with the gateway issue the certificate.',
      `Subject and issuer are both ${seen.issuer}, and its own key signed it.`,
    );
  },
);

export const certificateIsCa = ofLeaf(
  'client-certificate-is-ca',
  'The certificate is not that of a CA',
  ({ seen }, subject) => {
    if (!seen.isCa) return passed('Its basicConstraints do not make it a CA.');
    if (seen.selfSigned && !isRegistered(seen.sha256, subject))
      return skipped('It is self-signed.');
    return failed(
      'Have this CA issue a certificate for the delegate, and present that one.',
      `${seen.subject} is a CA by its basicConstraints.`,
    );
  },
);

function isRegistered(sha256: string, { clientCa }: ClientSubject): boolean {
  return clientCa?.certificates.some((each) => each.sha256 === sha256) === true;
}
