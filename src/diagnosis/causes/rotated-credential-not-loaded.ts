/** The file holds another certificate than the one that is presented. */
import type { Cause } from '../cause.ts';
import { refusalInWords, refusalOf } from '../refusal.ts';

export const rotatedCredentialNotLoaded: Cause = {
  code: 'rotated-credential-not-loaded',
  title: 'The certificate presented is not the one in the file',
  side: 'delegate',
  documentation:
    'The fingerprint on the wire and that of the certificate in our file differ: the file was replaced, and the process still presents what it read when it started. A Java delegate reads certificate and key once, so after each rotation it needs a restart. As a warning it says that the delegate started before its files changed, while this look, with the new file, was accepted. When the fingerprints agree, the certificate itself is at fault. Restart the process.',
  outranks: [
    'client-certificate-expired',
    'client-certificate-refused-by-http',
    'client-issuer-not-accepted',
    'gateway-client-ca-changed',
    'gateway-refused-our-certificate',
  ],
  explain({ evidence }) {
    const presented = evidence.tls?.clientCertificateSha256;
    const inFile = evidence.clientCertificate?.sha256;
    const refusal = refusalOf(evidence);
    if (!refusal || presented === undefined || inFile === undefined) return undefined;
    if (presented === inFile) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        `What was presented has SHA-256 ${presented}; the file holds ${inFile}.`,
        refusalInWords(refusal),
      ],
      remedy:
        'Restart the process that presents the old certificate, so that it reads the file again.',
    };
  },
};
