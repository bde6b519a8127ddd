/** Our key may not make signatures, by its certificate. */
import type { Cause } from '../cause.ts';
import { lacksDigitalSignature, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';

const unsupportedCertificate = 43;

export const clientCertificateKeyUsage: Cause = {
  code: 'client-certificate-key-usage',
  title: 'Our certificate does not allow its key to sign',
  side: 'delegate',
  documentation:
    'The keyUsage of our certificate leaves digitalSignature out, and a client proves itself by a signature. Gateways refuse it with unsupported_certificate, bad_certificate, certificate_unknown or HTTP 400. It is not the extendedKeyUsage, which says for whom the certificate is meant and has a cause of its own. A certificate without the extension would be fine. Have it issued again with digitalSignature.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain(situation) {
    const fault = refusedFault(situation, {
      isFaulty: lacksDigitalSignature,
      naming: [unsupportedCertificate],
      comesWithTime: false,
    });
    if (!fault) return undefined;
    const usages = fault.certificate.keyUsage?.join(', ') || 'nothing';
    return {
      confidence: fault.confidence,
      evidence: [
        `Its keyUsage allows ${usages}, and not digitalSignature.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Have the certificate issued again with digitalSignature in its keyUsage.',
    };
  },
};
