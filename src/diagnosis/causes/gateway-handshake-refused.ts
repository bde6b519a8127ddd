/** The gateway refuses the handshake before anyone's identity is known. */
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

/** These name a reason that has a cause of its own. */
const othersSpeakOf: readonly number[] = [20, 21, 70, 80, 112, 120];

export const gatewayHandshakeRefused: Cause = {
  code: 'gateway-handshake-refused',
  title: 'The gateway refuses the handshake',
  side: 'gateway',
  documentation:
    'The gateway answered with a fatal alert before it asked who we are, and the alert names no reason that could be told apart from here. When every client gets the same answer, the configuration of the gateway is broken, for example without a certificate to present. Ask its operators for the log of that moment.',
  explain({ evidence, baseline }) {
    const alert = receivedAlert(evidence);
    if (!alert || refusalOf(evidence) || othersSpeakOf.includes(alert.code)) return undefined;
    return {
      confidence: baseline ? 'likely' : 'possible',
      evidence: [
        alertInWords(alert),
        ...(baseline ? ['The gateway completed the handshake with us before.'] : []),
      ],
      remedy:
        'Ask the operators of the gateway for its log of this moment; it refuses the handshake itself.',
    };
  },
};
