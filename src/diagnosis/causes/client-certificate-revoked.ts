/** The gateway says that our certificate was revoked. */
import type { Cause } from '../cause.ts';
import { receivedAlert } from '../reading.ts';
import { refusalInWords, refusalOf } from '../refusal.ts';

const certificateRevoked = 44;

export const clientCertificateRevoked: Cause = {
  code: 'client-certificate-revoked',
  title: 'The gateway says that our client certificate was revoked',
  side: 'delegate',
  documentation:
    'The gateway sent the alert certificate_revoked: it holds a CRL, or got an OCSP answer, that lists our certificate. It cannot be seen in the certificate itself. Have a new one issued, and ask the CA why this one was revoked.',
  outranks: ['gateway-refused-our-certificate'],
  explain({ evidence }) {
    const refusal = refusalOf(evidence);
    if (!refusal || !receivedAlert(evidence, certificateRevoked)) return undefined;
    const serial = evidence.clientCertificate?.serialNumber;
    return {
      confidence: 'likely',
      evidence: [
        refusalInWords(refusal),
        ...(serial === undefined ? [] : [`Our certificate has the serial number ${serial}.`]),
      ],
      remedy: 'Have a new client certificate issued, and ask the CA why this one was revoked.',
    };
  },
};
