/** The certificate's key or signature is too weak to be loaded or accepted. */
import type { Cause } from '../cause.ts';
import { isWeak, refusedFault } from '../own-certificate.ts';
import { stoppedLocally } from '../reading.ts';
import { refusalInWords } from '../refusal.ts';

const weakErrors: readonly string[] = [
  'ERR_SSL_EE_KEY_TOO_SMALL',
  'ERR_SSL_CA_KEY_TOO_SMALL',
  'ERR_SSL_CA_MD_TOO_WEAK',
  'ERR_SSL_EE_MD_TOO_WEAK',
];

export const clientCertificateWeak: Cause = {
  code: 'client-certificate-weak',
  title: 'Our client certificate is too weak',
  side: 'delegate',
  documentation:
    'The certificate has an RSA key below 2048 bits or a signature with SHA-1 or MD5. Current TLS libraries refuse to load it, and current gateways refuse to accept it, usually with the alert bad_certificate. Have it issued again with a stronger key and SHA-256.',
  outranks: [
    'client-certificate-unparsable',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const { evidence } = situation;
    const { loadError } = evidence.credential;
    if (stoppedLocally(evidence) && loadError !== undefined && weakErrors.includes(loadError)) {
      return {
        confidence: 'certain',
        evidence: [`OpenSSL refuses to load it (${loadError}).`],
        remedy,
      };
    }
    const fault = refusedFault(situation, { isFaulty: isWeak, naming: [], comesWithTime: false });
    if (!fault) return undefined;
    const {
      keyAlgorithm = 'unknown',
      keyBits = 0,
      signatureAlgorithm = 'unknown',
    } = fault.certificate;
    return {
      confidence: fault.confidence,
      evidence: [
        `Our certificate has a key ${keyAlgorithm} of ${keyBits} bits and the signature ${signatureAlgorithm}.`,
        refusalInWords(fault.refusal),
      ],
      remedy,
    };
  },
};

const remedy = 'Have the certificate issued again with RSA 2048 bits or EC P-256, and SHA-256.';
