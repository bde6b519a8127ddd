/** What stands behind the gateway does not know our account or token. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

export const accountOrTokenRefused: Cause = {
  code: 'account-or-token-refused',
  title: 'The account or token was refused',
  side: 'gateway',
  documentation:
    'TLS is in order, and the answer was HTTP 401, or carried the code INVALID_AGENT_MTLS_AUTHORITY. What stands behind the gateway does not know the account, refuses the token, or expects another mTLS authority. The refusal of an authority is remembered there for three minutes, so wait that long after a correction.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (!answer) return undefined;
    const byAuthority = answer.http.body === 'invalid-agent-mtls-authority';
    if (answer.status !== 401 && !byAuthority) return undefined;
    return {
      confidence: byAuthority ? 'certain' : 'likely',
      evidence: [answerInWords(answer)],
      remedy:
        'Check the account, the token and the mTLS mode of the account; after a correction wait three minutes.',
    };
  },
};
