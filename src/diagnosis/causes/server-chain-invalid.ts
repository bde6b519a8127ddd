/** The certificates that the server sent cannot form a path, whoever is trusted. */

import type { CertificateSeen } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import {
  countInWords,
  leafInWords,
  type UntrustedServer,
  untrustedServer,
  verdictInWords,
} from '../server-trust.ts';

const brokenPaths: readonly string[] = [
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'CERT_SIGNATURE_FAILURE',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
];

/** Node has no name for every verdict of OpenSSL, and a certificate below one that is no CA has the wrong purpose to it. */
const unspecific: readonly string[] = ['UNSPECIFIED', 'INVALID_PURPOSE'];

export const serverChainInvalid: Cause = {
  code: 'server-chain-invalid',
  title: 'The certificate chain of the gateway is invalid',
  side: 'gateway',
  documentation:
    'The chain that the gateway sent breaks a rule that no trust anchor can mend: a certificate was issued by one that is no CA, a CA stands deeper than it may, or a signature does not verify, as when an intermediate was replaced by another of the same name. A chain that is whole and leads to an unknown root is server-issuer-untrusted, and one that ends too early server-chain-incomplete. Have the gateway present the chain that its CA delivered with the certificate.',
  outranks: ['server-issuer-untrusted', 'server-certificate-purpose'],
  explain({ evidence }) {
    const server = untrustedServer(evidence, ...brokenPaths, ...unspecific);
    const issuer = server && issuerWithoutRight(server);
    if (!server || (unspecific.includes(server.code) && !issuer)) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        ...(issuer ? [`${issuer.subject ?? 'A certificate'} issued another and is no CA.`] : []),
        verdictInWords(server),
        countInWords(server),
        leafInWords(server),
      ],
      remedy: 'Have the gateway present its certificate with the chain that its CA delivered.',
    };
  },
};

/** A certificate that the next one of the chain claims to come from, and that may issue none. */
function issuerWithoutRight({ certificates }: UntrustedServer): CertificateSeen | undefined {
  return certificates.find(
    ({ isCa, subject }, index) =>
      isCa === false && subject !== undefined && certificates[index - 1]?.issuer === subject,
  );
}
