/** The connection was closed right after our ClientHello, without a word. */
import type { Cause } from '../cause.ts';
import { brokenHandshake, lastMessageInWords, octetsInWords } from '../handshake.ts';

export const handshakeClosed: Cause = {
  code: 'handshake-closed',
  title: 'The connection was closed in answer to our ClientHello',
  side: 'network',
  documentation:
    'The connection stood, and was closed when our ClientHello was out, without an alert. Servers that do not know the server name do this, and so do filters and balancers without a backend. Compare with another network and another server name.',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'close' || broken.tls.progress.serverHelloReceived) return undefined;
    return {
      confidence: 'likely',
      evidence: [
        'The connection was closed before any answer of the server, without an alert.',
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
      ],
      remedy:
        'Check the server name and port; then ask the operators of the network and of the gateway.',
    };
  },
};
