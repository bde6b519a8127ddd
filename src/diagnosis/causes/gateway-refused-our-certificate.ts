/** The gateway refused our certificate, and nothing on our side explains it. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import {
  endedAlike,
  experimentInWords,
  experimentsInWords,
  experimentsWith,
} from '../experiments.ts';
import { type Refusal, refusalInWords, refusalOf } from '../refusal.ts';
import { nothingOnThisSideChanged } from '../since-baseline.ts';

export const gatewayRefusedOurCertificate: Cause = {
  code: 'gateway-refused-our-certificate',
  title: 'The gateway refused our client certificate',
  side: 'gateway',
  documentation:
    'We sent our certificate and the gateway refused it, by an alert, a close or a reset, while its dates, purpose and key are in order as far as this side can see. What remains lies at the gateway: its trust of our CA, its list of revoked certificates, its rules about who may connect. Of a close, a reset or silence it is only possible until an attempt without a certificate fares otherwise. A throw-away certificate that gets the same alert says that ours is as unknown as that one; another alert says that our CA is known and the certificate itself is not liked. Ask its operator for the log of that moment, and whether our CA is registered there.',
  explain(situation) {
    const { evidence } = situation;
    const refusal = refusalOf(evidence);
    if (!refusal || refusal.by === 'http' || !evidence.clientCertificate) return undefined;
    const unchanged = nothingOnThisSideChanged(situation);
    return {
      confidence: confidenceOf(refusal, evidence),
      evidence: [
        refusalInWords(refusal),
        ...throwawayInWords(evidence),
        ...experimentsInWords(...experimentsWith(evidence, 'no-client-certificate')),
        ...(unchanged ? [unchanged] : []),
      ],
      remedy:
        'Ask the operator of the gateway whether our CA is registered there, with the time and alert of this report.',
    };
  },
};

/** A connection that ends without a word ends for our certificate when it does not end so without one. */
function confidenceOf(refusal: Refusal, evidence: Evidence): Confidence {
  if (refusal.by === 'alert') return 'likely';
  const without = experimentsWith(evidence, 'no-client-certificate');
  const differs = without.length > 0 && !without.some((each) => endedAlike(each, evidence));
  return differs && refusal.by !== 'silence' ? 'likely' : 'possible';
}

function throwawayInWords(evidence: Evidence): readonly string[] {
  const [throwaway] = experimentsWith(evidence, 'throwaway-client-certificate');
  if (!throwaway) return [];
  return [
    experimentInWords(throwaway),
    endedAlike(throwaway, evidence)
      ? 'So the gateway treats ours as one that it does not know.'
      : 'So the gateway tells ours from one that it does not know.',
  ];
}
