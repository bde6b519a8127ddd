/** The server's certificate is not meant for servers. */
import type { Cause } from '../cause.ts';
import { leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

export const serverCertificatePurpose: Cause = {
  code: 'server-certificate-purpose',
  title: 'The certificate of the gateway is not meant for servers',
  side: 'gateway',
  documentation:
    'A certificate on the path of the gateway may not be used for TLS servers: its extendedKeyUsage leaves serverAuth out. It often means that a client certificate was installed at the gateway. Have it issued again with serverAuth.',
  explain({ evidence }) {
    const server = untrustedServer(evidence, 'INVALID_PURPOSE');
    if (!server) return undefined;
    const usages = server.leaf?.extendedKeyUsage?.join(', ');
    return {
      confidence: usages !== undefined && !usages.includes('serverAuth') ? 'certain' : 'likely',
      evidence: [
        leafInWords(server),
        ...(usages === undefined ? [] : [`Its extendedKeyUsage allows ${usages || 'nothing'}.`]),
        verdictInWords(server),
      ],
      remedy: 'Have the gateway present a certificate with serverAuth in its extendedKeyUsage.',
    };
  },
};
