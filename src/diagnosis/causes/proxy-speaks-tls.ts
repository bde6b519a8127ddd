/** One side of the connection to the proxy speaks TLS and the other does not. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
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
    'The scheme that is configured for the proxy does not fit it. With http:// the proxy answered our CONNECT with a TLS record; with https:// it answered our ClientHello with something that is no TLS. Those are certain; with https:// silence after our ClientHello makes it likely, and with http:// a connection that ends without an octet makes it possible. What answers with another protocol altogether is proxy-not-http, and a certificate of the proxy that does not hold is proxy-certificate-untrusted. Correct the scheme of the proxy (PROXY_SCHEME, --proxy).',
  outranks: ['proxy-not-http', 'proxy-timeout'],
  explain({ evidence }) {
    const step = failedStep(evidence, 'proxy');
    if (!step || evidence.proxy?.status !== undefined) return undefined;
    const code = step.error?.code ?? '';
    const said = mismatchInWords(evidence, code);
    const left = said === undefined ? leftInWords(evidence, code) : undefined;
    if (said === undefined && !left) return undefined;
    return {
      confidence: left?.confidence ?? 'certain',
      evidence: [said ?? left?.inWords ?? ''],
      remedy: `Correct the scheme of the proxy: it should be ${isTlsProxy(evidence) ? 'http' : 'https'}.`,
    };
  },
};

function isTlsProxy({ target }: Evidence): boolean {
  return target.proxy?.startsWith('https:') === true;
}

interface Left {
  readonly confidence: Confidence;
  readonly inWords: string;
}

const silent: readonly string[] = ['TIMEOUT', 'EPROTO'];
const broken: readonly string[] = ['ECONNRESET', 'EPIPE', 'CLOSED', 'ERR_STREAM_PREMATURE_CLOSE'];

/** No octet came back: a TLS server leaves at words in clear, and a proxy in clear waits for the end of a line. */
function leftInWords({ target, proxy }: Evidence, code: string): Left | undefined {
  if (target.proxy?.startsWith('https:')) {
    if (!silent.includes(code) || proxy?.secured !== false) return undefined;
    return {
      confidence: 'likely',
      inWords: `The proxy ${target.proxy} took the connection and gave our ClientHello no answer in TLS (${code}).`,
    };
  }
  if (!broken.includes(code) || proxy?.notHttp) return undefined;
  return {
    confidence: 'possible',
    inWords: `The proxy ${target.proxy ?? ''} ended the connection at our CONNECT without an octet.`,
  };
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
