/** Something above the server's certificate is past its validity. */
import type { Cause } from '../cause.ts';
import { isExpired } from '../own-certificate.ts';
import { leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

export const serverIntermediateExpired: Cause = {
  code: 'server-intermediate-expired',
  title: 'A CA certificate above the certificate of the gateway has expired',
  side: 'gateway',
  documentation:
    'The certificate of the gateway itself is in date, and an intermediate or root on its path is not. The gateway may send an old intermediate, or our trust store may hold an old root. Replace the expired one.',
  explain({ evidence }) {
    const server = untrustedServer(evidence, 'CERT_HAS_EXPIRED');
    if (!server || (server.leaf && isExpired(server.leaf, evidence.time))) return undefined;
    const old = server.certificates.find((each) => isExpired(each, evidence.time));
    return {
      confidence: old ? 'certain' : 'likely',
      evidence: [
        old
          ? `${old.subject ?? 'A certificate'} in its chain expired on ${old.notAfter}.`
          : 'Every certificate that the server sent is in date.',
        verdictInWords(server),
        leafInWords(server),
      ],
      remedy: 'Replace the expired CA certificate in the chain of the gateway, or in our CA file.',
    };
  },
};
