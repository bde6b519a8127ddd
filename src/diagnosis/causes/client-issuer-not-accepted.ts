/** The gateway names the authorities that it accepts, and ours is not among them. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Baseline } from '../baseline.ts';
import type { Cause, Confidence } from '../cause.ts';
import { allEndedAlike, experimentsInWords, experimentsWith } from '../experiments.ts';
import { hasFault, isIssuerNamed } from '../own-certificate.ts';
import { type Refusal, refusalInWords, refusalOf, speaksForFault } from '../refusal.ts';
import { haveAuthoritiesChanged } from '../since-baseline.ts';

const unknownCa = 48;

export const clientIssuerNotAccepted: Cause = {
  code: 'client-issuer-not-accepted',
  title: 'The gateway does not accept the issuer of our certificate',
  side: 'delegate',
  documentation:
    'The gateway listed the certificate authorities whose certificates it takes, none of the issuers in our file is among them, and it refused us, usually with unknown_ca. Either our certificate comes from the wrong CA, an intermediate is missing in our file, our CA was never registered with the gateway, or the gateway lost it. It is certain only when our file reaches its root and an earlier, accepted look saw the same list; without one, a gateway that changed looks the same. When the list differs from that look, gateway-client-ca-changed is named in its place. Register the CA, or use a certificate from one that is named.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain({ evidence, baseline }) {
    const { tls, clientCertificate } = evidence;
    const refusal = refusalOf(evidence);
    if (!refusal || !clientCertificate || isIssuerNamed(evidence) !== false) return undefined;
    return {
      confidence: confidenceOf(refusal, evidence, baseline),
      evidence: [
        `Our certificate was issued by ${clientCertificate.issuer}.`,
        `The gateway accepts only: ${tls?.certificateAuthorities?.join('; ')}.`,
        refusalInWords(refusal),
        ...experimentsInWords(...experimentsWith(evidence, 'throwaway-client-certificate')),
      ],
      remedy:
        'Register our issuing CA with the gateway, or use a certificate from a CA that it names.',
    };
  },
};

/** Ours, a throw-away certificate and none at all: the gateway makes no difference between them. */
function isTreatedAsUnknown(evidence: Evidence): boolean {
  return (
    allEndedAlike(evidence, 1, 'throwaway-client-certificate') &&
    allEndedAlike(evidence, 1, 'no-client-certificate')
  );
}

/** A file that ends below its root may lack an intermediate, and a gateway never seen before may have lost our CA. */
function confidenceOf(
  refusal: Refusal,
  evidence: Evidence,
  baseline: Baseline | undefined,
): Confidence {
  const { clientCertificate, credential, time } = evidence;
  const spoken = speaksForFault(refusal, [unknownCa]);
  const reachesRoot = credential.chain?.at(-1)?.selfSigned === true;
  const isSameList = baseline && haveAuthoritiesChanged(evidence, baseline) === false;
  if (spoken === 'certain') return reachesRoot && isSameList ? 'certain' : 'likely';
  if (clientCertificate && hasFault(clientCertificate, time)) return 'possible';
  return spoken === 'possible' && isTreatedAsUnknown(evidence) ? 'likely' : spoken;
}
