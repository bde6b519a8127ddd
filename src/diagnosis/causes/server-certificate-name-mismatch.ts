/** The server's certificate is for other names. */
import type { Cause } from '../cause.ts';
import { leafInWords, untrustedServer } from '../server-trust.ts';

const shownNames = 8;

export const serverCertificateNameMismatch: Cause = {
  code: 'server-certificate-name-mismatch',
  title: 'The certificate of the gateway is for another name',
  side: 'gateway',
  documentation:
    'The path of the certificate is trusted, and none of its names is the one we asked for. Either the address or server name is misspelt on this side, or the gateway presents the wrong certificate. A Java delegate does not compare names and would connect all the same.',
  explain({ evidence }) {
    const server = untrustedServer(evidence, 'ERR_TLS_CERT_ALTNAME_INVALID');
    if (!server) return undefined;
    const names = server.leaf?.subjectAltNames ?? [];
    const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
    const asked = evidence.target.serverName ?? evidence.target.host;
    return {
      confidence: 'certain',
      evidence: [
        `We asked for ${asked}.`,
        `The certificate names ${names.slice(0, shownNames).join(', ') || 'nothing'}${more}.`,
        leafInWords(server),
      ],
      remedy: `Check that ${asked} is spelt right; if it is, have the gateway present a certificate for it.`,
    };
  },
};
