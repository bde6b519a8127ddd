/** The gateway works, and what stands behind it does not. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

const upstreamFailures: readonly number[] = [502, 504];

export const gatewayUpstreamFailed: Cause = {
  code: 'gateway-upstream-failed',
  title: 'What stands behind the gateway failed',
  side: 'gateway',
  documentation:
    'TLS is in order, and the gateway answered 502, 503 or 504: it could not reach, or got no good answer from, what stands behind it. Our certificate has no part in it. Ask the operators of the gateway for the state of its backends.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (!answer || answer.status < 500 || answer.verdict !== 'failed') return undefined;
    const isNamed = upstreamFailures.includes(answer.status);
    return {
      confidence: isNamed ? 'certain' : answer.status === 503 ? 'likely' : 'possible',
      evidence: [answerInWords(answer)],
      remedy: 'Ask the operators of the gateway for the state of the backends behind it.',
    };
  },
};
