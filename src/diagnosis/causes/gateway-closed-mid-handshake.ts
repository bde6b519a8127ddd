/** The connection ended between the ServerHello and any judgement of us. */
import type { Cause } from '../cause.ts';
import { brokenHandshake, lastMessageInWords, octetsInWords } from '../handshake.ts';
import { isHandshakeComplete } from '../reading.ts';

export const gatewayClosedMidHandshake: Cause = {
  code: 'gateway-closed-mid-handshake',
  title: 'The gateway broke off in the middle of the handshake',
  side: 'gateway',
  documentation:
    'The server answered our ClientHello and then ended the connection, before it could judge a client certificate and without an alert. A gateway that restarts or fails inside does this. Look again, compare its addresses, and ask for its log.',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (!broken?.tls.progress.serverHelloReceived || isHandshakeComplete(evidence))
      return undefined;
    if (broken.how !== 'close' && broken.how !== 'reset') return undefined;
    return {
      confidence: 'likely',
      evidence: [
        `The connection ended by a ${broken.how} after the ServerHello.`,
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
      ],
      remedy:
        'Look again; if it lasts, ask the operators of the gateway for its log of this moment.',
    };
  },
};
