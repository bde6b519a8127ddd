/** Nothing that we offer suits the server, as far as its refusal tells. */
import type { ClientHelloSeen } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const handshakeFailure = 40;
const insufficientSecurity = 71;
/** A list as short as this was set by hand, unless it is all that TLS 1.3 has. */
const shortList = 4;
const allOfTls13 = 3;

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
    const isShort = wasSetByHand(tls.clientHello);
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

function wasSetByHand(hello: ClientHelloSeen | undefined): boolean {
  const count = hello?.cipherSuites.length ?? 0;
  const onlyTls13 = hello?.versions.every((version) => version === '1.3') === true;
  return count > 0 && count <= shortList && !(onlyTls13 && count >= allOfTls13);
}
