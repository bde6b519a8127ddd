/** A CA certificate between our certificate and its root has expired, and the gateway refused us. */
import type { CertificateSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { intermediatesOf, isExpired, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';
import { apartInWords } from '../time.ts';

const certificateExpired = 45;

export const clientIntermediateExpired: Cause = {
  code: 'client-intermediate-expired',
  title: 'An intermediate certificate above ours has expired',
  side: 'delegate',
  documentation:
    'Our own certificate is in date, and an intermediate in our file, on the path from it to its root, is not. Gateways say certificate_expired, as they do when the certificate itself has expired, or one of the alerts that tell no reason. An expired root in our file does not count: the gateway uses its own. Have the intermediate renewed by its CA and put the new one into the file.',
  outranks: [
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
    'gateway-crl-outdated',
  ],
  explain(situation) {
    const { evidence } = situation;
    const old = expiredIntermediate(evidence);
    if (!old) return undefined;
    const fault = refusedFault(situation, {
      isFaulty: (ours, now) => !isExpired(ours, now),
      naming: [certificateExpired],
      comesWithTime: true,
    });
    if (!fault) return undefined;
    const { subject = 'An intermediate in our file', notAfter } = old;
    return {
      confidence: fault.confidence,
      evidence: [
        `${subject} expired on ${notAfter}, ${apartInWords(notAfter, evidence.time)} before this look; our own certificate has not.`,
        refusalInWords(fault.refusal),
      ],
      remedy: 'Put the renewed intermediate into our certificate file, after our certificate.',
    };
  },
};

function expiredIntermediate(evidence: Evidence): CertificateSeen | undefined {
  return intermediatesOf(evidence).find((each) => isExpired(each, evidence.time));
}
