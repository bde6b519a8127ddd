/** The connection was reset right after our ClientHello. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import { answeredWith, experimentsInWords } from '../experiments.ts';
import { brokenHandshake, lastMessageInWords, octetsInWords } from '../handshake.ts';

export const handshakeReset: Cause = {
  code: 'handshake-reset',
  title: 'The connection was reset in answer to our ClientHello',
  side: 'network',
  documentation:
    'The connection stood, and was reset when our ClientHello was out, before any answer. A filter that reads the server name does this, and so does a balancer whose backend is gone. An attempt with another server name that is answered points to such a filter. A smaller ClientHello that is answered is client-hello-too-large, and from a gateway that took the same ClientHello before it is gateway-handshake-refused. Compare with another network.',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'reset' || broken.tls.progress.serverHelloReceived) return undefined;
    return {
      confidence: confidenceOf(evidence),
      evidence: [
        'The connection was reset before any answer of the server.',
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
        ...experimentsInWords(nameMinded(evidence)),
      ],
      remedy:
        'Ask the operators of the network for a filter on this server name, then those of the gateway.',
    };
  },
};

/** What cuts the connection minds the name in our ClientHello. */
function nameMinded(evidence: Evidence) {
  return answeredWith(evidence, 'other-server-name', 'no-server-name');
}

/** Another change that was answered has a cause of its own. */
function confidenceOf(evidence: Evidence): Confidence {
  if (nameMinded(evidence)) return 'likely';
  return answeredWith(evidence, 'classic-groups-only', 'tls-1.2-only', 'no-alpn')
    ? 'possible'
    : 'likely';
}
