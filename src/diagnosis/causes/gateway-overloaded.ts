/** The gateway asks us to wait. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

export const gatewayOverloaded: Cause = {
  code: 'gateway-overloaded',
  title: 'The gateway is overloaded and asks to wait',
  side: 'gateway',
  documentation:
    'The answer was HTTP 429, or 503 with a Retry-After. The gateway works and limits how much it takes. Wait as told; when it lasts, ask for the limit.',
  outranks: ['gateway-upstream-failed'],
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (!answer) return undefined;
    const { retryAfterMs } = answer.http;
    const asksToWait = answer.status === 503 && retryAfterMs !== undefined;
    if (answer.status !== 429 && !asksToWait) return undefined;
    const wait = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
    return {
      confidence: answer.status === 429 ? 'certain' : 'likely',
      evidence: [
        answerInWords(answer),
        ...(wait === undefined ? [] : [`It asks to wait ${wait} s.`]),
      ],
      remedy: `Wait${wait === undefined ? '' : ` ${wait} s`} and look again; if it lasts, ask for the limit.`,
    };
  },
};
