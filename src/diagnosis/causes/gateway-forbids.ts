/** The gateway knows us, or does not care, and forbids the request. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { isIssuerNamed } from '../own-certificate.ts';
import { answerInWords } from '../refusal.ts';

export const gatewayForbids: Cause = {
  code: 'gateway-forbids',
  title: 'The gateway forbids the request',
  side: 'gateway',
  documentation:
    'The handshake was completed and the answer was HTTP 403. Either the authorization rules of the gateway do not allow this client or this path, or it refuses client certificates in this way. Compare with another path, and ask the operator for the rule.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (answer?.status !== 403 || answer.http.body !== undefined) return undefined;
    const sent = evidence.tls?.clientCertificateSent === true;
    // A certificate that the gateway does not know is a neighbour; so is none.
    const isKnown = sent && isIssuerNamed(evidence) !== false;
    return {
      confidence: isKnown ? 'likely' : 'possible',
      evidence: [
        answerInWords(answer),
        sent ? 'Our client certificate was asked for and sent.' : 'No client certificate was sent.',
      ],
      remedy: 'Ask the operator of the gateway which rule forbids this client or this path.',
    };
  },
};
