/** The gateway answers requests and does not upgrade to WebSocket. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { answerInWords } from '../refusal.ts';

export const websocketUpgradeRefused: Cause = {
  code: 'websocket-upgrade-refused',
  title: 'The upgrade to WebSocket was refused',
  side: 'network',
  documentation:
    'The handshake was completed and the upgrade to WebSocket was answered with something other than 101. Proxies and balancers that do not pass upgrades on do this, and so does a wrong path. Have upgrades allowed on the way, or use polling.',
  explain({ evidence }) {
    const answer = decisiveAnswer(evidence);
    if (answer?.step !== 'websocket' || answer.status === 101) return undefined;
    if (answer.verdict === 'rejected' || answer.status >= 500) return undefined;
    return {
      confidence: evidence.http?.status === undefined ? 'possible' : 'likely',
      evidence: [
        answerInWords(answer),
        ...(evidence.http?.status === undefined
          ? []
          : [`A plain request was answered with HTTP ${evidence.http.status}.`]),
      ],
      remedy:
        'Have WebSocket upgrades passed on by every proxy and balancer on the way, and check the path.',
    };
  },
};
