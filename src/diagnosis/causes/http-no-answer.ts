/** The connection stands, and the request got no answer. */

import type { Evidence, Step } from '../../evidence/evidence.ts';
import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { brokenHandshake } from '../handshake.ts';
import { failedStep, isHandshakeComplete, receivedAlert } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

export const httpNoAnswer: Cause = {
  code: 'http-no-answer',
  title: 'The gateway did not answer the request',
  side: 'network',
  documentation:
    'The handshake was completed and the request got no answer, or the connection ended in its place. What stands behind the gateway may hang, or something on the way cuts connections. When nothing at all came back after our certificate flight, the gateway may have refused us without a word. Look again, and try another path.',
  explain({ evidence }) {
    const step = unansweredStep(evidence);
    if (!step || receivedAlert(evidence)) return undefined;
    const refusal = refusalOf(evidence);
    if (refusal?.by === 'http') return undefined;
    return {
      confidence: refusal ? 'possible' : 'likely',
      evidence: [
        `The ${step.name} step ended without an answer (${step.error?.code ?? 'unknown'}).`,
        ...(refusal ? ['Nothing came back after our certificate flight.'] : []),
      ],
      remedy: 'Look again and try another path; if it lasts, ask what stands behind the gateway.',
    };
  },
};

/** The step that waited in vain; it is tls when the gateway left right after a complete handshake. */
function unansweredStep(evidence: Evidence): Step | undefined {
  const asked = failedStep(evidence, 'http') ?? failedStep(evidence, 'websocket');
  if (asked) return decisiveAnswer(evidence)?.step === asked.name ? undefined : asked;
  const left = isHandshakeComplete(evidence) && (brokenHandshake(evidence) ?? refusalOf(evidence));
  return left ? failedStep(evidence, 'tls') : undefined;
}
