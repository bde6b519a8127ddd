/** What the certificate may be used for, and whether it is one to present at all. */
import { lacksClientAuth, lacksDigitalSignature } from '../../diagnosis/own-certificate.ts';
import { failed, passed, skipped } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';
import { ofLeaf } from './leaf.ts';

export const certificatePurpose = ofLeaf(
  'client-certificate-purpose',
  'The certificate is meant for clients',
  ({ seen }) => {
    const { extendedKeyUsage } = seen;
    if (extendedKeyUsage === undefined)
      return passed('It has no extendedKeyUsage, which allows all.');
    const usages = extendedKeyUsage.join(', ') || 'nothing';
    if (!lacksClientAuth(seen)) return passed(`Its extendedKeyUsage allows ${usages}.`);
    return failed(
      'Have it issued again with clientAuth in its extendedKeyUsage.',
      `Its extendedKeyUsage allows ${usages}, and not clientAuth.`,
    );
  },
);

export const certificateKeyUsage = ofLeaf(
  'client-certificate-key-usage',
  'The certificate allows its key to sign',
  ({ seen }) => {
    const { keyUsage, isCa } = seen;
    if (isCa) return skipped('It is the certificate of a CA.');
    if (keyUsage === undefined) return passed('It has no keyUsage, which allows all.');
    const usages = keyUsage.join(', ') || 'nothing';
    if (!lacksDigitalSignature(seen)) return passed(`Its keyUsage allows ${usages}.`);
    return failed(
      'Have it issued again with digitalSignature in its keyUsage.',
      `Its keyUsage allows ${usages}, and not digitalSignature.`,
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
