/** The connection was reset before a single octet was exchanged. */
import type { Cause } from '../cause.ts';
import { failedDials } from '../dialling.ts';
import { brokenHandshake } from '../handshake.ts';
import { proxyInUse } from '../reading.ts';

export const tcpResetOnAccept: Cause = {
  code: 'tcp-reset-on-accept',
  title: 'The connection was reset as soon as it stood',
  side: 'network',
  documentation:
    'The connection was made and reset before our first octet was out. A balancer without a healthy backend does this, and so do some firewalls. Ask who answers at that address, and compare with another address of the same name.',
  outranks: ['handshake-reset'],
  explain({ evidence }) {
    const dials = failedDials(evidence, ['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
    const remedy =
      'Ask the operators of the firewall or balancer at that address why it resets connections.';
    if (dials) return { confidence: dials.confidence, evidence: [dials.inWords], remedy };
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'reset' || proxyInUse(evidence) !== undefined) return undefined;
    const { clientHelloSent, octetsReceived } = broken.tls.progress;
    if (clientHelloSent || octetsReceived > 0) return undefined;
    return {
      confidence: 'likely',
      evidence: ['The connection was reset before our ClientHello was out.'],
      remedy,
    };
  },
};
