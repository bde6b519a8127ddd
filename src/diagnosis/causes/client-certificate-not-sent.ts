/** A certificate is configured and was asked for, and our answer was empty. */
import type { Cause } from '../cause.ts';
import { refusalInWords, refusalOf } from '../refusal.ts';

export const clientCertificateNotSent: Cause = {
  code: 'client-certificate-not-sent',
  title: 'Our client certificate was asked for and not sent',
  side: 'delegate',
  documentation:
    'A certificate is configured, the gateway asked for one, and the wire shows that we answered with an empty Certificate message. The usual reason is a key of another type than the certificate, or none of the signature algorithms that the gateway takes fits our key. Pair certificate and key, and compare the key type with what the gateway accepts.',
  outranks: [
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
    'gateway-forbids',
  ],
  explain({ evidence }) {
    const { tls, clientCertificate } = evidence;
    if (!clientCertificate || tls?.clientCertificateSent !== false) return undefined;
    if (!tls.clientCertificateRequested) return undefined;
    const refusal = refusalOf(evidence);
    if (!refusal) return undefined;
    return {
      confidence: refusal.by === 'silence' ? 'possible' : 'likely',
      evidence: [
        'The gateway asked for a client certificate and our Certificate message was empty.',
        refusalInWords(refusal),
      ],
      remedy:
        'Check that the key is of the same type as the certificate and that the gateway accepts that type.',
    };
  },
};
