/** The gateway works, and what stands behind it does not. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

/** The last eight are Cloudflare's own, about the server behind it. */
const upstreamFailures: readonly number[] = [502, 504, 520, 521, 522, 523, 524, 525, 526, 530];
const networkAuthenticationRequired = 511;

export const gatewayUpstreamFailed: Cause = {
  code: 'gateway-upstream-failed',
  title: 'What stands behind the gateway failed',
  side: 'gateway',
  documentation:
    'TLS is in order, and the gateway answered 502, 503, 504 or one of its own codes above 519: it could not reach, or got no good answer from, what stands behind it. Our certificate has no part in it. A 503 that asks to wait is gateway-overloaded, and a 500 gateway-internal-error. Ask the operators of the gateway for the state of its backends.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (!answer || answer.status < 500 || answer.verdict !== 'failed') return undefined;
    if (answer.status === networkAuthenticationRequired) return undefined;
    const isNamed = upstreamFailures.includes(answer.status);
    return {
      confidence: isNamed ? 'certain' : answer.status === 503 ? 'likely' : 'possible',
      evidence: [answerInWords(answer)],
      remedy: 'Ask the operators of the gateway for the state of the backends behind it.',
    };
  },
};
