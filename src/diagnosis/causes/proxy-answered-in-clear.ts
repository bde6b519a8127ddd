/** An answer of a proxy stands where the gateway's TLS should. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import { firstOctetsInWords } from '../handshake.ts';

const proxyAuthenticationRequired = 407;
/** What a plain web server says to a ClientHello. */
const badRequest = 400;
/** Names of proxies, as they stand in the Server header of their own answers. */
const proxies = /^(?:squid|tinyproxy|privoxy|mikrotik httpproxy|proxy)\b/i;

export const proxyAnsweredInClear: Cause = {
  code: 'proxy-answered-in-clear',
  title: 'A proxy answered in clear where TLS was expected',
  side: 'proxy',
  documentation:
    'Where the first octets of the gateway should be TLS, an HTTP answer came: 407, a redirect, or a page that says that the host is blocked. A status of 407 comes from proxies only, so it is certain, whether a proxy is configured or one intercepts on the way; an answer in which a proxy names itself makes it likely. Through a configured proxy another status is likely to be its own word; only HTTP 400 is what a web server without TLS says to a ClientHello, and then it is plaintext-service. Without a proxy in sight it is plaintext-service or captive-portal. Configure the proxy, so that CONNECT is used, and have the host allowed.',
  outranks: ['plaintext-service', 'captive-portal'],
  explain({ evidence }) {
    const notTls = evidence.tls?.notTls;
    const confidence = confidenceOf(evidence);
    if (!notTls || !confidence) return undefined;
    const { proxy, host } = evidence.target;
    return {
      confidence,
      evidence: [
        firstOctetsInWords(notTls),
        proxy === undefined
          ? `No proxy is configured, and proxies answer so${notTls.httpServer ? ` (Server: ${notTls.httpServer})` : ''}.`
          : `The way leads through the proxy ${proxy}.`,
      ],
      remedy:
        proxy === undefined
          ? 'Configure the proxy of this network, so that CONNECT is used.'
          : `Have the proxy allow a tunnel to ${host}, without an answer of its own.`,
    };
  },
};

function confidenceOf({ tls, target }: Evidence): Confidence | undefined {
  const { httpStatus: status, httpServer = '' } = tls?.notTls ?? {};
  if (status === proxyAuthenticationRequired) return 'certain';
  if (proxies.test(httpServer)) return 'likely';
  if (status === undefined || target.proxy === undefined || status === badRequest) return undefined;
  return 'likely';
}
