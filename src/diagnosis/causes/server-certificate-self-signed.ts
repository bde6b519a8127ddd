/** The server's certificate vouches for itself. */
import type { Cause } from '../cause.ts';
import { leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

export const serverCertificateSelfSigned: Cause = {
  code: 'server-certificate-self-signed',
  title: 'The certificate of the gateway is self-signed',
  side: 'gateway',
  documentation:
    'The gateway presents a certificate that no authority vouches for, and it is not among our trust anchors. When the fingerprint is the one that the operator of the gateway names, add it to the CA file. Otherwise the gateway needs a proper certificate, or something else answered in its place.',
  explain({ evidence }) {
    const server = untrustedServer(evidence, 'DEPTH_ZERO_SELF_SIGNED_CERT');
    if (!server) return undefined;
    return {
      confidence: 'certain',
      evidence: [leafInWords(server), verdictInWords(server)],
      remedy:
        'Compare the fingerprint with the operator of the gateway, then add the certificate with --ca.',
    };
  },
};
