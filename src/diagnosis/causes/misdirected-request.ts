/** The server is not responsible for the name we asked for. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

export const misdirectedRequest: Cause = {
  code: 'misdirected-request',
  title: 'The request reached a server that is not responsible for it',
  side: 'gateway',
  documentation:
    'The answer was HTTP 421: the server that took the connection does not serve this name. The server name of the TLS connection and the Host of the request may differ, or the routing of the gateway is wrong.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (answer?.status !== 421) return undefined;
    return {
      confidence: 'certain',
      evidence: [answerInWords(answer)],
      remedy:
        'Check that --server-name and the host of the URL agree, then the routing of the gateway.',
    };
  },
};
