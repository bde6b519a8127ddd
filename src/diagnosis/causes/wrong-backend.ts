/** Where there was an answer before, nothing is found now. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';
import { momentOf } from '../since-baseline.ts';

export const wrongBackend: Cause = {
  code: 'wrong-backend',
  title: 'The gateway leads to the wrong backend',
  side: 'gateway',
  documentation:
    'The answer is HTTP 404 where an earlier look got what it asked for. The gateway consented to us and then led the request to something that does not know the path. Check its routing.',
  outranks: ['websocket-upgrade-refused'],
  explain({ evidence, baseline }) {
    const answer = decisiveAnswer(evidence);
    if (answer?.status !== 404 || !baseline) return undefined;
    const before = baseline.evidence[answer.step]?.status;
    if (before === undefined || before === 404) return undefined;
    return {
      confidence: 'likely',
      evidence: [
        answerInWords(answer),
        `At ${momentOf(baseline, evidence)} the answer was ${before}.`,
      ],
      remedy: 'Check the routing of the gateway for this path.',
    };
  },
};
