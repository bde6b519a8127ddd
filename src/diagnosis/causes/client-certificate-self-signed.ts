/** Our certificate vouches for itself, and the gateway refused it. */
import type { CertificateSeen } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { isIssuerNamed, type RefusedFault, refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';
import { haveAuthoritiesChanged } from '../since-baseline.ts';

const unknownCa = 48;

export const clientCertificateSelfSigned: Cause = {
  code: 'client-certificate-self-signed',
  title: 'Our client certificate is self-signed',
  side: 'delegate',
  documentation:
    'Our certificate was signed with its own key, so no authority vouches for it, and the gateway refused us. Servers send unknown_ca, certificate_unknown, bad_certificate or HTTP 400. A gateway may register a self-signed certificate as its own authority: then it names it, and this is not the cause. It is certain when an earlier, accepted look saw the same list without it, for else the gateway may have dropped it. Have the authority that is registered with the gateway issue the certificate.',
  outranks: [
    'client-issuer-not-accepted',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const { evidence } = situation;
    if (isIssuerNamed(evidence)) return undefined;
    const fault = refusedFault(situation, {
      isFaulty: isSelfSigned,
      naming: [unknownCa],
      comesWithTime: false,
    });
    if (!fault) return undefined;
    return {
      confidence: confidenceOf(fault, situation),
      evidence: [
        `Subject and issuer of our certificate are both ${fault.certificate.issuer}, and its own key signed it.`,
        ...(isIssuerNamed(evidence) === false
          ? ['The gateway does not name it as an authority.']
          : []),
        refusalInWords(fault.refusal),
      ],
      remedy: 'Have the CA that is registered with the gateway issue the client certificate.',
    };
  },
};

function isSelfSigned({ selfSigned }: CertificateSeen): boolean {
  return selfSigned === true;
}

/** The gateway may have known it as an anchor: only a list that leaves it out, now and before, excludes that. */
function confidenceOf({ confidence }: RefusedFault, { evidence, baseline }: Situation): Confidence {
  const isSameList = baseline && haveAuthoritiesChanged(evidence, baseline) === false;
  const isLeftOut = isIssuerNamed(evidence) === false && isSameList;
  return confidence === 'certain' && !isLeftOut ? 'likely' : confidence;
}
