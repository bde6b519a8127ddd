/** What answers inside TLS is no web server. */
import type { Cause } from '../cause.ts';
import { failedStep, isHandshakeComplete } from '../reading.ts';

/** Codes of Node's HTTP parser; the header limit is ours and says nothing about the protocol. */
const parserError = /^HPE_/;
const tooLong = 'HPE_HEADER_OVERFLOW';
/** The first octets are not those of a status line. */
const noStatusLine = 'HPE_INVALID_CONSTANT';

export const tlsServiceNotHttp: Cause = {
  code: 'tls-service-not-http',
  title: 'What answers over TLS does not speak HTTP',
  side: 'network',
  documentation:
    'The handshake was completed, and the answer to our request follows no rule of HTTP: another service listens on this port, such as mail over TLS, a broker or a database. A port without TLS is plaintext-service, and one that does not answer at all http-no-answer. Correct the port.',
  outranks: ['http-no-answer', 'gateway-refused-our-certificate'],
  explain({ evidence }) {
    const code = (failedStep(evidence, 'http') ?? failedStep(evidence, 'websocket'))?.error?.code;
    if (code === undefined || !parserError.test(code) || code === tooLong) return undefined;
    if (!isHandshakeComplete(evidence)) return undefined;
    return {
      confidence: code === noStatusLine ? 'certain' : 'likely',
      evidence: [
        code === noStatusLine
          ? `The answer to our request is not HTTP (${code}).`
          : `The answer to our request breaks the rules of HTTP (${code}).`,
      ],
      remedy: `Check port ${evidence.target.port}: another service listens there.`,
    };
  },
};
