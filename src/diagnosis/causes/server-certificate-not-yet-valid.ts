/** The server's certificate, or one above it, is not valid yet. */
import type { Cause } from '../cause.ts';
import { isNotYetValid } from '../own-certificate.ts';
import { leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

export const serverCertificateNotYetValid: Cause = {
  code: 'server-certificate-not-yet-valid',
  title: 'The certificate of the gateway is not valid yet',
  side: 'gateway',
  documentation:
    'The certificate that the gateway presents begins to be valid in the future, by the clock of this machine. A clock that is behind looks exactly like this. Check the clock first, then have the certificate issued again.',
  explain({ evidence }) {
    const server = untrustedServer(evidence, 'CERT_NOT_YET_VALID');
    if (!server) return undefined;
    const early = server.certificates.find((each) => isNotYetValid(each, evidence.time));
    return {
      confidence: 'likely',
      evidence: [
        early
          ? `${early.subject ?? 'It'} is valid from ${early.notBefore}; this look was at ${evidence.time}.`
          : verdictInWords(server),
        leafInWords(server),
      ],
      remedy:
        'Check the clock of this machine; if it is right, have the gateway replace its certificate.',
    };
  },
};
