/** The gateway refused our certificate, and nothing on our side explains it. */
import type { Cause, Confidence } from '../cause.ts';
import { type Refusal, refusalInWords, refusalOf } from '../refusal.ts';
import { nothingOnThisSideChanged } from '../since-baseline.ts';

export const gatewayRefusedOurCertificate: Cause = {
  code: 'gateway-refused-our-certificate',
  title: 'The gateway refused our client certificate',
  side: 'gateway',
  documentation:
    'We sent our certificate and the gateway refused it, by an alert, a close or a reset, while its dates, purpose and key are in order as far as this side can see. What remains lies at the gateway: its trust of our CA, its list of revoked certificates, its rules about who may connect. Ask its operator for the log of that moment, and whether our CA is registered there.',
  explain(situation) {
    const { evidence } = situation;
    const refusal = refusalOf(evidence);
    if (!refusal || refusal.by === 'http' || !evidence.clientCertificate) return undefined;
    const unchanged = nothingOnThisSideChanged(situation);
    return {
      confidence: confidenceOf(refusal),
      evidence: [refusalInWords(refusal), ...(unchanged ? [unchanged] : [])],
      remedy:
        'Ask the operator of the gateway whether our CA is registered there, with the time and alert of this report.',
    };
  },
};

function confidenceOf(refusal: Refusal): Confidence {
  return refusal.by === 'alert' ? 'likely' : 'possible';
}
