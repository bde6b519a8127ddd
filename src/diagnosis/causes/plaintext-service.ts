/** The port speaks another protocol than TLS. */
import type { Cause } from '../cause.ts';
import { firstOctetsInWords } from '../handshake.ts';

export const plaintextService: Cause = {
  code: 'plaintext-service',
  title: 'The port speaks another protocol, not TLS',
  side: 'network',
  documentation:
    'The first octets that came back are no TLS record but a protocol in clear, such as HTTP, SSH or SMTP. The port or the scheme is wrong, or something on the way answers in place of the gateway. Correct the port.',
  explain({ evidence }) {
    const notTls = evidence.tls?.notTls;
    if (!notTls || notTls.protocol === 'unknown') return undefined;
    return {
      confidence: evidence.target.proxy === undefined ? 'certain' : 'likely',
      evidence: [firstOctetsInWords(notTls)],
      remedy: `Check port ${evidence.target.port} and the scheme: a service without TLS listens there.`,
    };
  },
};
