/** The server's certificate, or one above it, is too weak to be trusted. */
import type { CertificateSeen } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { isWeak } from '../own-certificate.ts';
import { failedStep } from '../reading.ts';
import { leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

/** Node has no name for OpenSSL's verdicts about strength. */
const unnamed = 'UNSPECIFIED';
const weakErrors: readonly string[] = [
  'ERR_SSL_EE_KEY_TOO_SMALL',
  'ERR_SSL_CA_KEY_TOO_SMALL',
  'ERR_SSL_CA_MD_TOO_WEAK',
];

export const serverCertificateWeak: Cause = {
  code: 'server-certificate-weak',
  title: 'The certificate of the gateway is too weak',
  side: 'gateway',
  documentation:
    'A certificate that the gateway sent has an RSA key below 2048 bits or a signature with SHA-1 or MD5, and current TLS libraries do not trust it. It is certain when verification ended without any of the reasons that have causes of their own and such a certificate is in the chain. The signature of a root does not count, for nobody checks it. Have the certificate issued again with a stronger key and SHA-256.',
  outranks: ['server-issuer-untrusted'],
  explain({ evidence }) {
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    if (weakErrors.includes(code)) {
      const said = `Our TLS library ended the handshake with ${code}.`;
      return { confidence: 'certain', evidence: [said], remedy };
    }
    const server = untrustedServer(evidence, unnamed);
    const weak = server?.certificates.find(isTooWeak);
    if (!server || !weak) return undefined;
    return {
      confidence: 'certain',
      evidence: [strengthInWords(weak), leafInWords(server), verdictInWords(server)],
      remedy,
    };
  },
};

const remedy =
  'Have the certificate of the gateway issued again, with RSA 2048 bits or EC P-256, and SHA-256.';

function isTooWeak(certificate: CertificateSeen): boolean {
  const { signatureAlgorithm, ...rest } = certificate;
  return isWeak(certificate.selfSigned ? rest : certificate);
}

function strengthInWords(certificate: CertificateSeen): string {
  const {
    subject = 'A certificate',
    keyAlgorithm = 'of an unknown type',
    keyBits,
    signatureAlgorithm = 'of an unknown type',
  } = certificate;
  const bits = keyBits === undefined ? '' : ` of ${keyBits} bits`;
  return `${subject} has a key ${keyAlgorithm}${bits} and a signature ${signatureAlgorithm}.`;
}
