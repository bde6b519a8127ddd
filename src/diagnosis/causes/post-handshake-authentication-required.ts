/** The gateway asks for the certificate only after the handshake. */
import type { Cause } from '../cause.ts';

export const postHandshakeAuthenticationRequired: Cause = {
  code: 'post-handshake-authentication-required',
  title: 'The gateway asks for the client certificate after the handshake',
  side: 'gateway',
  documentation:
    'The gateway completes a TLS 1.3 handshake and then sends a CertificateRequest (post-handshake authentication). Most clients, the Java delegate among them, do not offer this, so it cannot succeed. Have the gateway ask during the handshake.',
  outranks: [
    'gateway-forbids',
    'http-no-answer',
    'malformed-tls',
    'gateway-refused-our-certificate',
  ],
  explain({ evidence }) {
    if (!evidence.tls?.progress.certificateRequestedAfterHandshake) return undefined;
    return {
      confidence: 'certain',
      evidence: ['A CertificateRequest came after the handshake was complete.'],
      remedy: 'Have the gateway ask for the client certificate during the handshake.',
    };
  },
};
