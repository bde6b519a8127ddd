/** Nothing that we offer suits the server, as far as its refusal tells. */
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const handshakeFailure = 40;
const insufficientSecurity = 71;
/** A list as short as this was set by hand. */
const shortList = 4;

export const noSharedCipherSuite: Cause = {
  code: 'no-shared-cipher-suite',
  title: 'The gateway and this side share no cipher suite',
  side: 'gateway',
  documentation:
    'The gateway answered our ClientHello with handshake_failure before anything else, which is how servers say that no cipher suite suits them. They say the same about groups, signature algorithms and sometimes names. Align the suites of both sides; --ciphers sets ours.',
  explain({ evidence, baseline }) {
    const { tls } = evidence;
    const alert = receivedAlert(evidence, handshakeFailure, insufficientSecurity);
    if (!alert || tls?.progress.serverHelloReceived !== false) return undefined;
    const suites = tls.clientHello?.cipherSuites ?? [];
    const isShort = suites.length > 0 && suites.length <= shortList;
    const isNamed = alert.code === insufficientSecurity;
    // What we offer suited the gateway before.
    if (baseline && !isShort && !isNamed) return undefined;
    return {
      confidence: isShort || isNamed ? 'likely' : 'possible',
      evidence: [alertInWords(alert), `We offered ${suites.length} cipher suites.`],
      remedy: 'Compare the cipher suites of the gateway with ours (--ciphers), and align them.',
    };
  },
};
