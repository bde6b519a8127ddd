/** The gateway says that our certificate was revoked. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { hasFault, isIssuerNamed } from '../own-certificate.ts';
import { receivedAlert } from '../reading.ts';
import { isCertificateError, type Refusal, refusalInWords, refusalOf } from '../refusal.ts';

const certificateRevoked = 44;

export const clientCertificateRevoked: Cause = {
  code: 'client-certificate-revoked',
  title: 'The gateway says that our client certificate was revoked',
  side: 'delegate',
  documentation:
    'The gateway sent the alert certificate_revoked: it holds a CRL, or got an OCSP answer, that lists our certificate. It cannot be seen in the certificate itself, so it is likely and not certain; and where a gateway refuses a certificate without a fault that can be seen, and says nothing of the reason, it remains possible. Have a new one issued, and ask the CA why this one was revoked.',
  outranks: ['gateway-refused-our-certificate'],
  explain({ evidence }) {
    const refusal = refusalOf(evidence);
    if (!refusal) return undefined;
    const isNamed = receivedAlert(evidence, certificateRevoked) !== undefined;
    if (!isNamed && !mayMeanIt(refusal, evidence)) return undefined;
    const serial = evidence.clientCertificate?.serialNumber;
    return {
      confidence: isNamed ? 'likely' : 'possible',
      evidence: [
        refusalInWords(refusal),
        ...(serial === undefined ? [] : [`Our certificate has the serial number ${serial}.`]),
      ],
      remedy: 'Have a new client certificate issued, and ask the CA why this one was revoked.',
    };
  },
};

/** With these some servers refuse a revoked certificate as they refuse any other. */
const tellNothing: readonly number[] = [42, 46, 49];

function mayMeanIt(refusal: Refusal, evidence: Evidence): boolean {
  const { clientCertificate: ours, time, tls } = evidence;
  if (!ours || tls?.clientCertificateSent === false || hasFault(ours, time)) return false;
  if (isIssuerNamed(evidence) === false) return false;
  if (refusal.by === 'http') return isCertificateError(refusal.answer);
  return refusal.by === 'alert' && tellNothing.includes(refusal.alert.code);
}
