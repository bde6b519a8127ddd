/** The connection was closed right after our ClientHello, without a word. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import { answeredWith, experimentsInWords } from '../experiments.ts';
import { brokenHandshake, lastMessageInWords, octetsInWords } from '../handshake.ts';

export const handshakeClosed: Cause = {
  code: 'handshake-closed',
  title: 'The connection was closed in answer to our ClientHello',
  side: 'network',
  documentation:
    'The connection stood, and was closed when our ClientHello was out, without an alert. Servers that do not know the server name do this, and so do filters and balancers without a backend. When another server name is answered it is server-name-unrecognized, when a smaller ClientHello is answered client-hello-too-large, and when the gateway took the same ClientHello before gateway-handshake-refused. Compare with another network.',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'close' || broken.tls.progress.serverHelloReceived) return undefined;
    return {
      confidence: confidenceOf(evidence),
      evidence: [
        'The connection was closed before any answer of the server, without an alert.',
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
        ...experimentsInWords(nameMinded(evidence)),
      ],
      remedy:
        'Check the server name and port; then ask the operators of the network and of the gateway.',
    };
  },
};

/** What cuts the connection minds the name in our ClientHello. */
function nameMinded(evidence: Evidence) {
  return answeredWith(evidence, 'other-server-name', 'no-server-name');
}

/** A change that was answered has a cause of its own. */
function confidenceOf(evidence: Evidence): Confidence {
  const other = answeredWith(evidence, 'classic-groups-only', 'tls-1.2-only', 'no-alpn');
  return other || nameMinded(evidence) ? 'possible' : 'likely';
}
