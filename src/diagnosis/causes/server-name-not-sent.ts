/** The gateway wants a server name, and we sent none. */
import type { Cause } from '../cause.ts';
import { brokenHandshake } from '../handshake.ts';
import { alertInWords, failedStep, receivedAlert } from '../reading.ts';

/** How servers answer a ClientHello without a name that they can serve. */
const answersToNone: readonly number[] = [40, 80, 112];
const unrecognizedName = 112;

export const serverNameNotSent: Cause = {
  code: 'server-name-not-sent',
  title: 'We sent no server name, and the gateway wants one',
  side: 'delegate',
  documentation:
    'The target is an address and no server name is configured, so our ClientHello has no server_name, and the gateway broke the handshake off before its ServerHello. Gateways that serve many names cannot choose a certificate then: they send unrecognized_name, handshake_failure or internal_error, close, or present a default certificate. With a name in the ClientHello it is server-name-unrecognized or handshake-closed. Use the name of the gateway in the URL, or add --server-name.',
  outranks: [
    'server-name-unrecognized',
    'no-shared-cipher-suite',
    'no-shared-group',
    'handshake-closed',
    'handshake-reset',
    'gateway-handshake-refused',
  ],
  explain({ evidence, baseline }) {
    const { tls, target } = evidence;
    if (!failedStep(evidence, 'tls') || !tls?.clientHello || baseline) return undefined;
    if (tls.clientHello.serverName !== undefined || tls.progress.serverHelloReceived) {
      return undefined;
    }
    const alert = receivedAlert(evidence, ...answersToNone);
    const how = brokenHandshake(evidence)?.how;
    if (!alert && how !== 'close' && how !== 'reset') return undefined;
    return {
      confidence: alert?.code === unrecognizedName ? 'certain' : 'likely',
      evidence: [
        `The target ${target.host} is an address, and our ClientHello had no server name.`,
        alert ? alertInWords(alert) : `The connection ended by a ${how} before any answer.`,
      ],
      remedy: 'Use the name of the gateway in the URL, or add it with --server-name.',
    };
  },
};
