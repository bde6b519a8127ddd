/** Something before the gateway ends TLS and passes the request on in clear. */
import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

export const backendExpectsTls: Cause = {
  code: 'backend-expects-tls',
  title: 'A balancer ends TLS before the gateway',
  side: 'gateway',
  documentation:
    'Our handshake was completed, and the answer says that a request in clear came to a port for TLS. So a balancer in front of the gateway ended TLS and passed the request on without it; our certificate cannot reach the gateway that way. We never send a request in clear, so it is certain. Set the balancer to pass TCP through (layer 4), or to speak TLS to its backend.',
  outranks: ['client-certificate-not-requested', 'gateway-stopped-requesting-client-certificate'],
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (answer?.http.body !== 'plain-http-to-https-port') return undefined;
    return {
      confidence: 'certain',
      evidence: [answerInWords(answer)],
      remedy:
        'Have the balancer before the gateway pass TLS through unopened, so that the gateway sees our certificate.',
    };
  },
};
