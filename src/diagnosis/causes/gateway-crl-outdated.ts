/** The gateway calls a certificate expired that is in date. */
import type { Cause } from '../cause.ts';
import { intermediatesOf, isExpired, isNotYetValid } from '../own-certificate.ts';
import { receivedAlert } from '../reading.ts';
import { refusalInWords, refusalOf } from '../refusal.ts';
import { nothingOnThisSideChanged } from '../since-baseline.ts';

const certificateExpired = 45;

export const gatewayCrlOutdated: Cause = {
  code: 'gateway-crl-outdated',
  title: 'The gateway says that a certificate expired, and ours is in date',
  side: 'gateway',
  documentation:
    'The gateway sent certificate_expired, and by our clock neither our certificate nor any intermediate in our file has expired. What has expired then stands at the gateway: usually its revocation list (CRL), whose nextUpdate has passed, sometimes a CA certificate in its trust store; or its clock is wrong. It is likely and not certain, because our own clock may be the wrong one. When a certificate of ours has expired, that is named in its place. Have the CRL of the gateway renewed.',
  outranks: ['gateway-refused-our-certificate'],
  explain(situation) {
    const { evidence } = situation;
    const { clientCertificate: ours, time } = evidence;
    const refusal = refusalOf(evidence);
    if (!refusal || !ours || !receivedAlert(evidence, certificateExpired)) return undefined;
    if (evidence.tls?.clientCertificateSent === false) return undefined;
    const all = [ours, ...intermediatesOf(evidence)];
    if (all.some((each) => isExpired(each, time) || isNotYetValid(each, time))) return undefined;
    const unchanged = nothingOnThisSideChanged(situation);
    return {
      confidence: 'likely',
      evidence: [
        refusalInWords(refusal),
        `Our certificate is valid until ${ours.notAfter ?? 'an unknown time'}; this look was at ${time}.`,
        ...(unchanged ? [unchanged] : []),
      ],
      remedy:
        'Have the operators of the gateway renew its revocation list and CA certificates, and check its clock.',
    };
  },
};
