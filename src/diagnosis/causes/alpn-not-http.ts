/** The protocol that ALPN chose is one in which Sidelight cannot ask. */
import type { Cause } from '../cause.ts';

export const alpnNotHttp: Cause = {
  code: 'alpn-not-http',
  title: 'The gateway chose a protocol in which nothing can be asked here',
  side: 'delegate',
  documentation:
    'The handshake was completed and ALPN chose a protocol other than http/1.1, such as h2, because our list offered it. Sidelight asks in HTTP/1.1 only, so nothing proved that the gateway accepts us, and nothing speaks against it. A gateway that knows none of the offered protocols is alpn-mismatch. Leave --alpn out, or offer http/1.1 alone.',
  explain({ evidence }) {
    const { tls, steps } = evidence;
    const skipped = steps.some(({ reason }) => reason === 'protocol-not-spoken');
    if (!skipped || tls?.alpn === undefined) return undefined;
    return {
      confidence: 'certain',
      evidence: [`ALPN chose ${tls.alpn} of ${tls.clientHello?.alpn?.join(', ') || 'our list'}.`],
      remedy: 'Look again without --alpn, or with --alpn http/1.1.',
    };
  },
};
