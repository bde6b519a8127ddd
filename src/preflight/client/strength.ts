/** Algorithms and sizes: what TLS libraries and gateways still take. */
import { isWeak } from '../../diagnosis/own-certificate.ts';
import type { CertificateSeen } from '../../evidence/evidence.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { derTags, readChildren, readObjectIdentifier, readSequence } from '../../x509/der.ts';
import { failed, passed } from '../check.ts';
import { strengthInWords } from '../path-words.ts';
import { ofLeaf } from './leaf.ts';
import { wordsOf } from './path-faults.ts';

const weakErrors: readonly string[] = [
  'ERR_SSL_EE_KEY_TOO_SMALL',
  'ERR_SSL_CA_KEY_TOO_SMALL',
  'ERR_SSL_CA_MD_TOO_WEAK',
  'ERR_SSL_EE_MD_TOO_WEAK',
];

export const certificateWeak = ofLeaf(
  'client-certificate-weak',
  'Keys and signatures are strong enough',
  ({ certificate, seen }, subject) => {
    const { loadError } = subject.credential;
    const faults = wordsOf(subject, 'client-certificate-weak');
    // What is refused while it loads shows in no path.
    const weak = faults.length === 0 && isTooWeak(seen) ? [strengthInWords(certificate)] : faults;
    const isRefused = loadError !== undefined && weakErrors.includes(loadError);
    if (weak.length === 0 && !isRefused) return passed(strengthInWords(certificate));
    return failed(
      'Have it issued again with RSA 2048 bits or EC P-256, and SHA-256.',
      ...weak,
      ...(isRefused ? [`OpenSSL refuses to load it (${loadError}).`] : []),
    );
  },
);

const minEcBits = 224;

function isTooWeak(certificate: CertificateSeen): boolean {
  const { keyAlgorithm, keyBits } = certificate;
  const isShort = keyAlgorithm === 'ec' && keyBits !== undefined && keyBits < minEcBits;
  const isShortPss = keyAlgorithm === 'rsa-pss' && keyBits !== undefined && keyBits < 2048;
  return isWeak(certificate) || isShort || isShortPss;
}

/** Those with a signature scheme in TLS 1.3 (RFC 9846 section 4.2.3). */
const signingCurves: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
]);
const signingAlgorithms = ['rsa', 'rsa-pss', 'ed25519', 'ed448'];

export const keyTypeUnusable = ofLeaf(
  'client-key-type-unusable',
  'TLS has a signature for this type of key',
  ({ certificate }, subject) => {
    const spelt = wordsOf(subject, 'client-key-type-unusable');
    if (spelt.length > 0)
      return failed('Have it issued for a key on a curve by its name.', ...spelt);
    const { algorithm } = certificate.publicKey;
    const curve = algorithm === 'ec' ? curveOf(certificate) : undefined;
    if (signingAlgorithms.includes(algorithm)) return passed(`The key is of type ${algorithm}.`);
    const name = curve === undefined ? undefined : signingCurves.get(curve);
    if (name !== undefined) return passed(`The key is on the curve ${name}.`);
    return failed(
      'Have a certificate issued for a key RSA 2048 bits, EC P-256 or Ed25519.',
      curve === undefined
        ? `The key is of type ${algorithm}, with which no client can sign in TLS 1.3.`
        : `The key is on the curve ${curve}, for which TLS 1.3 has no signature.`,
    );
  },
);

function curveOf({ publicKey }: Certificate): string {
  const [algorithm] = readSequence(publicKey.der) ?? [];
  const [, parameters] = readChildren(algorithm, derTags.sequence) ?? [];
  return readObjectIdentifier(parameters) ?? 'given by its parameters';
}
