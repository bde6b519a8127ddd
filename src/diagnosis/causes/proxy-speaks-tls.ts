/** One side of the connection to the proxy speaks TLS and the other does not. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

/** What OpenSSL says of an answer in clear. */
const notTlsErrors: readonly string[] = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNEXPECTED_MESSAGE',
];

export const proxySpeaksTls: Cause = {
  code: 'proxy-speaks-tls',
  title: 'The proxy wants TLS where we speak in clear, or the reverse',
  side: 'proxy',
  documentation:
    'The scheme that is configured for the proxy does not fit it. With http:// the proxy answered our CONNECT with a TLS record; with https:// it answered our ClientHello with something that is no TLS. What answers with another protocol altogether is proxy-not-http, and a certificate of the proxy that does not hold is proxy-certificate-untrusted. Correct the scheme of the proxy (PROXY_SCHEME, --proxy).',
  outranks: ['proxy-not-http'],
  explain({ evidence }) {
    const step = failedStep(evidence, 'proxy');
    if (!step || evidence.proxy?.status !== undefined) return undefined;
    const said = mismatchInWords(evidence, step.error?.code ?? '');
    if (said === undefined) return undefined;
    return {
      confidence: 'certain',
      evidence: [said],
      remedy: `Correct the scheme of the proxy: it should be ${isTlsProxy(evidence) ? 'http' : 'https'}.`,
    };
  },
};

function isTlsProxy({ target }: Evidence): boolean {
  return target.proxy?.startsWith('https:') === true;
}

function mismatchInWords(evidence: Evidence, code: string): string | undefined {
  const { proxy = '' } = evidence.target;
  if (isTlsProxy(evidence)) {
    return notTlsErrors.includes(code)
      ? `The proxy ${proxy} does not speak TLS (${code}).`
      : undefined;
  }
  return evidence.proxy?.notHttp?.protocol === 'tls'
    ? `The proxy ${proxy} answered CONNECT with a TLS record.`
    : undefined;
}
