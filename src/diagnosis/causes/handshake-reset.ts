/** The connection was reset right after our ClientHello. */
import type { Cause } from '../cause.ts';
import { brokenHandshake, lastMessageInWords, octetsInWords } from '../handshake.ts';

export const handshakeReset: Cause = {
  code: 'handshake-reset',
  title: 'The connection was reset in answer to our ClientHello',
  side: 'network',
  documentation:
    'The connection stood, and was reset when our ClientHello was out, before any answer. A filter that reads the server name does this, and so does a balancer whose backend is gone. Compare with another network, another server name and a smaller ClientHello.',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'reset' || broken.tls.progress.serverHelloReceived) return undefined;
    return {
      confidence: 'likely',
      evidence: [
        'The connection was reset before any answer of the server.',
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
      ],
      remedy:
        'Ask the operators of the network for a filter on this server name, then those of the gateway.',
    };
  },
};
