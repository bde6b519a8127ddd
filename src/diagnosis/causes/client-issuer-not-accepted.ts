/** The gateway names the authorities that it accepts, and ours is not among them. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import { hasFault, isIssuerNamed } from '../own-certificate.ts';
import { type Refusal, refusalInWords, refusalOf, speaksForFault } from '../refusal.ts';

const unknownCa = 48;

export const clientIssuerNotAccepted: Cause = {
  code: 'client-issuer-not-accepted',
  title: 'The gateway does not accept the issuer of our certificate',
  side: 'delegate',
  documentation:
    'The gateway listed the certificate authorities whose certificates it takes, none of the issuers in our file is among them, and it refused us, usually with unknown_ca. Either our certificate comes from the wrong CA, an intermediate is missing in our file, or our CA was never registered with the gateway. When the list differs from an earlier, accepted look, the gateway changed and gateway-client-ca-changed is named in its place. Register the CA, or use a certificate from one that is named.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain({ evidence }) {
    const { tls, clientCertificate } = evidence;
    const refusal = refusalOf(evidence);
    if (!refusal || !clientCertificate || isIssuerNamed(evidence) !== false) return undefined;
    return {
      confidence: confidenceOf(refusal, evidence),
      evidence: [
        `Our certificate was issued by ${clientCertificate.issuer}.`,
        `The gateway accepts only: ${tls?.certificateAuthorities?.join('; ')}.`,
        refusalInWords(refusal),
      ],
      remedy:
        'Register our issuing CA with the gateway, or use a certificate from a CA that it names.',
    };
  },
};

/** A file that ends below its root may lack an intermediate whose issuer is named: that neighbour remains. */
function confidenceOf(
  refusal: Refusal,
  { clientCertificate, credential, time }: Evidence,
): Confidence {
  const spoken = speaksForFault(refusal, [unknownCa]);
  const reachesRoot = credential.chain?.at(-1)?.selfSigned === true;
  if (spoken === 'certain') return reachesRoot ? 'certain' : 'likely';
  if (clientCertificate && hasFault(clientCertificate, time)) return 'possible';
  return spoken;
}
