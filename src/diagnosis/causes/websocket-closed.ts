/** The WebSocket was opened and then ended. */

import { closedAbnormally } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

export const websocketClosed: Cause = {
  code: 'websocket-closed',
  title: 'The WebSocket was opened and then closed',
  side: 'network',
  documentation:
    'The upgrade succeeded and the connection was then closed with a complaint, or ended without a close. The close code says more: 1008 is a policy, 1011 an error of the server, 1013 an overload; codes from 4000 on belong to the application. Act as the code says.',
  explain({ evidence }) {
    if (!closedAbnormally(evidence)) return undefined;
    const { closeCode, closeReason } = evidence.websocket ?? {};
    const code = failedStep(evidence, 'websocket')?.error?.code ?? '';
    return {
      confidence: closeCode === undefined ? 'likely' : 'certain',
      evidence: [
        closeCode === undefined
          ? endInWords(code)
          : `The WebSocket was closed with code ${closeCode}${closeReason ? ` ("${closeReason}")` : ''}.`,
      ],
      remedy:
        'Act on the close code; ask the operators of the gateway when it names a policy or an error.',
    };
  },
};

/** Codes of our WebSocket library say that what came broke the rules of RFC 6455, or a limit of ours. */
function endInWords(code: string): string {
  return code.startsWith('WS_ERR_')
    ? `We ended the WebSocket because of what came over it (${code}).`
    : 'The WebSocket ended without a close frame.';
}
