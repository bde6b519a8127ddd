/** The port speaks another protocol than TLS. */

import type { Evidence, NotTlsSeen } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import { firstOctetsInWords } from '../handshake.ts';

export const plaintextService: Cause = {
  code: 'plaintext-service',
  title: 'The port speaks another protocol, not TLS',
  side: 'network',
  documentation:
    'The first octets that came back are no TLS record but a protocol in clear, such as HTTP, SSH or SMTP. The port or the scheme is wrong. It is certain but for a page or a redirect in HTTP, which login pages send as well (captive-portal), and for what comes through a proxy (proxy-answered-in-clear). Correct the port.',
  explain({ evidence }) {
    const notTls = evidence.tls?.notTls;
    if (!notTls || notTls.protocol === 'unknown') return undefined;
    return {
      confidence: confidenceOf(notTls, evidence),
      evidence: [firstOctetsInWords(notTls)],
      remedy: `Check port ${evidence.target.port} and the scheme: a service without TLS listens there.`,
    };
  },
};

const badRequest = 400;

/** HTTP 400 is what a web server says to a ClientHello; other answers may come from something on the way. */
function confidenceOf(notTls: NotTlsSeen, { target }: Evidence): Confidence {
  const isHttp = notTls.protocol === 'http' && notTls.httpStatus !== badRequest;
  return target.proxy === undefined && !isHttp ? 'certain' : 'likely';
}
