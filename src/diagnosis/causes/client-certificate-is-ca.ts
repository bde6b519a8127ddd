/** What we present is the certificate of an authority. */
import type { Cause } from '../cause.ts';
import { isAuthority, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';

const unsupportedCertificate = 43;

export const clientCertificateIsCa: Cause = {
  code: 'client-certificate-is-ca',
  title: 'Our client certificate is that of a CA',
  side: 'delegate',
  documentation:
    'The basicConstraints of our certificate make it a CA, which is meant to issue certificates and not to be presented. Many gateways accept it all the same, others refuse it with bad_certificate, unsupported_certificate or certificate_unknown; so it is never more than likely. A CA certificate that signed itself has client-certificate-self-signed in its place. Have the CA issue a certificate for the delegate and present that.',
  outranks: [
    'client-certificate-key-usage',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const fault = refusedFault(situation, {
      isFaulty: isAuthority,
      naming: [unsupportedCertificate],
      comesWithTime: false,
    });
    if (!fault) return undefined;
    return {
      confidence: fault.confidence === 'possible' ? 'possible' : 'likely',
      evidence: [
        `${fault.certificate.subject ?? 'Our certificate'} is a CA by its basicConstraints.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Have this CA issue a certificate for the delegate, and present that one.',
    };
  },
};
