/** The gateway failed inside. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';
import { answerInWords } from '../refusal.ts';

const internalError = 80;

export const gatewayInternalError: Cause = {
  code: 'gateway-internal-error',
  title: 'The gateway reports an internal error',
  side: 'gateway',
  documentation:
    'The gateway sent the alert internal_error, or answered HTTP 500. The fault is inside it: a configuration that did not load, a resource that ran out, a limit on the depth of certificate chains. Its log of that moment names the reason.',
  outranks: ['gateway-refused-our-certificate'],
  explain({ evidence }) {
    const alert = receivedAlert(evidence, internalError);
    const answer = decisiveAnswer(evidence);
    const remedy = 'Ask the operators of the gateway for its log of this moment.';
    if (answer) {
      if (answer.status !== 500) return undefined;
      return { confidence: 'likely', evidence: [answerInWords(answer)], remedy };
    }
    return alert && { confidence: 'likely', evidence: [alertInWords(alert)], remedy };
  },
};
