/** Our certificate's validity has ended, and the gateway refused it. */
import type { Cause } from '../cause.ts';
import { isExpired, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';
import { apartInWords } from '../time.ts';

const certificateExpired = 45;

export const clientCertificateExpired: Cause = {
  code: 'client-certificate-expired',
  title: 'Our client certificate has expired',
  side: 'delegate',
  documentation:
    'The notAfter date of our certificate has passed and the gateway refused us. Servers say this in many ways: certificate_expired, certificate_unknown, bad_certificate, HTTP 400, or a plain close. The alert certificate_expired alone does not prove it: a gateway with an outdated CRL sends it about a good certificate. Renew the certificate; when its dates are right, correct the clock of this machine.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain(situation) {
    const fault = refusedFault(situation, {
      isFaulty: isExpired,
      naming: [certificateExpired],
      comesWithTime: true,
    });
    if (!fault) return undefined;
    const { notAfter } = fault.certificate;
    const { time } = situation.evidence;
    return {
      confidence: fault.confidence,
      evidence: [
        `Our certificate expired on ${notAfter}, ${apartInWords(notAfter, time)} before this look at ${time}.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Renew the client certificate and replace its file.',
    };
  },
};
