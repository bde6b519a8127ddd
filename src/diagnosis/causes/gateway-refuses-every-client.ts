/** The gateway refuses with and without our certificate alike. */
import type { Cause, Confidence, Situation } from '../cause.ts';
import { endedAlike, experimentsInWords, experimentsWith } from '../experiments.ts';
import { hasFault, isIssuerNamed } from '../own-certificate.ts';
import { type Refusal, refusalInWords, refusalOf } from '../refusal.ts';
import { nothingOnThisSideChanged, wasAcceptedBefore } from '../since-baseline.ts';

/** Go servers say bad_certificate to every fault, Java's certificate_unknown: those alike say nothing. */
const sayNothing: readonly number[] = [42, 46];
const internalError = 80;
const forbidden = 403;

export const gatewayRefusesEveryClient: Cause = {
  code: 'gateway-refuses-every-client',
  title: 'The gateway refuses every client, whatever certificate it shows',
  side: 'gateway',
  documentation:
    'The gateway asked for a client certificate and gave one and the same refusal to ours, to none and to a throw-away one: so it does not look at what is presented, as when its mTLS secret is missing. It needs the two extra attempts; without them gateway-forbids or gateway-refused-our-certificate is named, and a rule that forbids this path to everyone remains possible, so it is likely and not certain. Some servers have one alert for every fault of a certificate (bad_certificate, certificate_unknown): with these, or with a close, it takes an earlier look at which the same certificate was accepted. Have the mTLS configuration of the gateway checked.',
  outranks: [
    'gateway-forbids',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const { evidence } = situation;
    const refusal = refusalOf(evidence);
    if (!refusal || !evidence.tls?.clientCertificateSent) return undefined;
    const controls = [
      ...experimentsWith(evidence, 'no-client-certificate').slice(0, 1),
      ...experimentsWith(evidence, 'throwaway-client-certificate').slice(0, 1),
    ];
    if (controls.length < 2 || !controls.every((each) => endedAlike(each, evidence))) {
      return undefined;
    }
    const confidence = confidenceOf(refusal, situation);
    if (!confidence) return undefined;
    const unchanged = nothingOnThisSideChanged(situation);
    return {
      confidence,
      evidence: [
        refusalInWords(refusal),
        ...experimentsInWords(...controls),
        ...(unchanged ? [unchanged] : []),
      ],
      remedy:
        'Have the operators of the gateway check its mTLS configuration and the secret that it loads.',
    };
  },
};

function confidenceOf(refusal: Refusal, situation: Situation): Confidence | undefined {
  const { clientCertificate, time } = situation.evidence;
  // A refusal that our certificate deserves is not the gateway's fault, and an internal error has a cause of its own.
  if (clientCertificate && hasFault(clientCertificate, time)) return undefined;
  if (refusal.by === 'alert' && refusal.alert.code === internalError) return undefined;
  if (isIssuerNamed(situation.evidence) === false) return undefined;
  if (saysMuch(refusal)) return 'likely';
  if (refusal.by === 'http' || refusal.by === 'silence') return undefined;
  return wasAcceptedBefore(situation) ? 'likely' : 'possible';
}

function saysMuch(refusal: Refusal): boolean {
  if (refusal.by === 'http') return refusal.answer.status === forbidden;
  return refusal.by === 'alert' && !sayNothing.includes(refusal.alert.code);
}
