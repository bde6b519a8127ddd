/** The server's own certificate is past its validity. */
import type { Cause } from '../cause.ts';
import { isExpired, isNotYetValid } from '../own-certificate.ts';
import { leafInWords, untrustedServer } from '../server-trust.ts';
import { apartInWords } from '../time.ts';

export const serverCertificateExpired: Cause = {
  code: 'server-certificate-expired',
  title: 'The certificate of the gateway has expired',
  side: 'gateway',
  documentation:
    'The notAfter date of the certificate that the gateway presents has passed, by the clock of this machine. When other certificates look wrong in time as well, suspect the clock. Otherwise the gateway must renew its certificate.',
  explain({ evidence }) {
    const { clientCertificate: ours, time } = evidence;
    const server = untrustedServer(evidence, 'CERT_HAS_EXPIRED');
    if (!server?.leaf || !isExpired(server.leaf, time)) return undefined;
    const { notAfter } = server.leaf;
    const clockIsDoubtful = ours && (isExpired(ours, time) || isNotYetValid(ours, time));
    return {
      confidence: clockIsDoubtful ? 'likely' : 'certain',
      evidence: [
        `It expired on ${notAfter}, ${apartInWords(notAfter, time)} before this look at ${time}.`,
        leafInWords(server),
      ],
      remedy: 'Have the gateway renew its server certificate.',
    };
  },
};
