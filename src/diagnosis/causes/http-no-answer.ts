/** The connection stands, and the request got no answer. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { failedStep, hasPassed } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

export const httpNoAnswer: Cause = {
  code: 'http-no-answer',
  title: 'The gateway did not answer the request',
  side: 'network',
  documentation:
    'The handshake was completed and the request got no answer, or the connection ended in its place. What stands behind the gateway may hang, or something on the way cuts connections. When nothing at all came back after our certificate flight, the gateway may have refused us without a word. Look again, and try another path.',
  explain({ evidence }) {
    const step = failedStep(evidence, 'http') ?? failedStep(evidence, 'websocket');
    if (!step || !hasPassed(evidence, 'tls')) return undefined;
    const answer = decisiveAnswer(evidence);
    // An answer to another step, or a complaint in place of one, is not silence.
    if (answer?.step === step.name || answer?.verdict === 'rejected') return undefined;
    const refusal = refusalOf(evidence);
    if (refusal?.by === 'alert') return undefined;
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
