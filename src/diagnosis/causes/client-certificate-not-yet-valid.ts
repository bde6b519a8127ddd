/** Our certificate's validity has not begun, and the gateway refused it. */
import type { Cause } from '../cause.ts';
import { isNotYetValid, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';
import { apartInWords } from '../time.ts';

const badCertificate = 42;
const certificateExpired = 45;

export const clientCertificateNotYetValid: Cause = {
  code: 'client-certificate-not-yet-valid',
  title: 'Our client certificate is not valid yet',
  side: 'delegate',
  documentation:
    'The notBefore date of our certificate lies in the future and the gateway refused us. No alert names this: servers send bad_certificate, certificate_expired, certificate_unknown or HTTP 400. Either the certificate was issued for later, or the clock of this machine or of the issuer is wrong. Correct the clock, or have the certificate issued again.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain(situation) {
    const fault = refusedFault(situation, {
      isFaulty: isNotYetValid,
      naming: [badCertificate, certificateExpired],
      comesWithTime: true,
    });
    if (!fault) return undefined;
    const { notBefore } = fault.certificate;
    const { time } = situation.evidence;
    return {
      confidence: fault.confidence,
      evidence: [
        `Our certificate is valid from ${notBefore}, ${apartInWords(notBefore, time)} after this look at ${time}.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Check the clock of this machine; if it is right, have the certificate issued again.',
    };
  },
};
