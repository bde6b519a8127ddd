/** The gateway no longer accepts the authority of a certificate that it accepted before. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Baseline } from '../baseline.ts';
import type { Cause, Confidence, Finding, Situation } from '../cause.ts';
import { hasFault, isIssuerNamed } from '../own-certificate.ts';
import { receivedAlert } from '../reading.ts';
import { type Refusal, refusalInWords, refusalOf, speaksForFault } from '../refusal.ts';
import {
  haveAuthoritiesChanged,
  momentOf,
  nothingOnThisSideChanged,
  wasAcceptedBefore,
} from '../since-baseline.ts';

const unknownCa = 48;

export const gatewayClientCaChanged: Cause = {
  code: 'gateway-client-ca-changed',
  title: 'The gateway changed the client CA that it accepts',
  side: 'gateway',
  documentation:
    'The gateway accepted this very certificate before, and now refuses it, and either the list of authorities that it names has changed or it says that it no longer knows our CA. Nothing on our side changed. This is what a wrong secret in the mTLS configuration of the gateway looks like. It is certain when the list dropped our issuer; without an earlier look it is only possible, beside client-issuer-not-accepted. Restore the client CA at the gateway.',
  outranks: [
    'client-issuer-not-accepted',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
    'client-certificate-not-sent',
  ],
  explain(situation) {
    const { evidence, baseline } = situation;
    const refusal = refusalOf(evidence);
    if (!refusal) return undefined;
    if (!baseline) return withoutBaseline(refusal, evidence);
    if (!wasAcceptedBefore(situation)) return undefined;
    const confidence = confidenceOf(refusal, evidence, baseline);
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [
        ...asList(nothingOnThisSideChanged(situation)),
        ...authoritiesInWords(situation, baseline),
        refusalInWords(refusal),
      ],
      remedy,
    };
  },
};

const remedy =
  'Restore the client CA at the gateway: it no longer accepts a certificate that it accepted before.';

/** Nobody remembers what the gateway accepted: that it changed remains possible. */
function withoutBaseline(refusal: Refusal, evidence: Evidence): Finding | undefined {
  if (!evidence.clientCertificate || evidence.tls?.clientCertificateSent === false)
    return undefined;
  const isUnknown = receivedAlert(evidence, unknownCa) !== undefined;
  if (!isUnknown && isIssuerNamed(evidence) !== false) return undefined;
  return {
    confidence: 'possible',
    evidence: [refusalInWords(refusal), 'There is no earlier, accepted look to compare with.'],
    remedy,
  };
}

function confidenceOf(
  refusal: Refusal,
  evidence: Evidence,
  baseline: Baseline,
): Confidence | undefined {
  if (!haveAuthoritiesChanged(evidence, baseline)) {
    // Many gateways name no authority, and a new CA may bear the old name: then the alert alone speaks.
    return receivedAlert(evidence, unknownCa) ? 'likely' : undefined;
  }
  const ours = evidence.clientCertificate;
  const spoken = speaksForFault(refusal, [unknownCa]);
  const dropped = isIssuerNamed(baseline.evidence) === true && isIssuerNamed(evidence) === false;
  if (spoken === 'certain') return dropped ? 'certain' : 'likely';
  if (ours && hasFault(ours, evidence.time)) return 'possible';
  return dropped && spoken === 'likely' ? 'certain' : spoken;
}

function authoritiesInWords({ evidence }: Situation, baseline: Baseline): readonly string[] {
  if (!haveAuthoritiesChanged(evidence, baseline)) {
    return [`It accepted the same certificate at ${momentOf(baseline, evidence)}.`];
  }
  return [
    `At ${momentOf(baseline, evidence)} the gateway named ${list(baseline.evidence)}; now it names ${list(evidence)}.`,
    ...asList(
      evidence.clientCertificate?.issuer && `Our issuer is ${evidence.clientCertificate.issuer}.`,
    ),
  ];
}

function list({ tls }: Evidence): string {
  return tls?.certificateAuthorities?.join('; ') || 'no authority';
}

function asList(sentence: string | undefined): readonly string[] {
  return sentence ? [sentence] : [];
}
