/** The gateway sends us to another host. */

import { decisiveAnswer, originOf } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';
import { isServerLeafUnchanged } from '../since-baseline.ts';

export const unexpectedRedirect: Cause = {
  code: 'unexpected-redirect',
  title: 'The gateway redirects to another host',
  side: 'gateway',
  documentation:
    'The answer was a redirect to another host. It is never followed, because our certificate and requests are meant for this gateway only. A login page, a captive portal or a moved gateway look like this; it is certain when the certificate is the one of the last accepted look, since an inspecting proxy that asks for a login has another. Check where it leads.',
  explain(situation) {
    const { evidence } = situation;
    const answer = decisiveAnswer(evidence);
    if (answer?.verdict !== 'failed' || answer.status < 300 || answer.status >= 400)
      return undefined;
    const to = originOf(answer.http.locationOrigin);
    return {
      confidence: isServerLeafUnchanged(situation) ? 'certain' : 'likely',
      evidence: [answerInWords(answer), `It leads to ${to}, not to ${evidence.target.host}.`],
      remedy: `Find out why ${evidence.target.host} redirects to ${to}; correct the URL if it has moved.`,
    };
  },
};
