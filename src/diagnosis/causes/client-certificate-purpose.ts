/** Our certificate may not be used by clients. */
import type { Cause } from '../cause.ts';
import { lacksClientAuth, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';

const unsupportedCertificate = 43;

export const clientCertificatePurpose: Cause = {
  code: 'client-certificate-purpose',
  title: 'Our certificate is not meant for clients',
  side: 'delegate',
  documentation:
    'The certificate lists what its key may be used for (extendedKeyUsage), and clientAuth is not on the list. Gateways refuse it with unsupported_certificate, bad_certificate, certificate_unknown or HTTP 400. A certificate without the extension would be fine. Have it issued again with clientAuth.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain(situation) {
    const fault = refusedFault(situation, {
      isFaulty: lacksClientAuth,
      naming: [unsupportedCertificate],
      comesWithTime: false,
    });
    if (!fault) return undefined;
    const usages = fault.certificate.extendedKeyUsage?.join(', ') || 'nothing';
    return {
      confidence: fault.confidence,
      evidence: [
        `Its extendedKeyUsage allows ${usages}, and not clientAuth.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Have the certificate issued again with clientAuth in its extendedKeyUsage.',
    };
  },
};
