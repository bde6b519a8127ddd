/** The gateway presents the certificate that it has for want of a better one. */
import type { CertificateSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { isMadeOutFor } from '../names.ts';
import { isServerUntrusted } from '../reading.ts';
import { momentOf } from '../since-baseline.ts';

/** What products present until they are given a certificate, by its subject. */
const defaults: readonly (readonly [product: string, subject: RegExp])[] = [
  ['the Kubernetes ingress controller', /\bCN=Kubernetes Ingress Controller Fake Certificate\b/i],
  ['Traefik', /\bCN=TRAEFIK DEFAULT CERT\b/i],
  ['Kong', /\bCN=localhost\b.*\bO=Kong\b/i],
  ['Plesk', /\bCN=Plesk\b/i],
  ['F5 BIG-IP', /\bCN=localhost\.localdomain\b.*\bO=MyCompany\b/i],
];

export const gatewayDefaultCertificate: Cause = {
  code: 'gateway-default-certificate',
  title: 'The gateway presents a default certificate',
  side: 'gateway',
  documentation:
    'The gateway presents the certificate that its software makes for itself, such as "Kubernetes Ingress Controller Fake Certificate" or "TRAEFIK DEFAULT CERT", or one for other names than the certificate that it presented at the last accepted look: it has lost the certificate, or the routing, for our name. It is certain by the subject of a known product when the gateway accepted us under this name before, and likely by one of the two. Without either it is server-certificate-name-mismatch or server-certificate-self-signed, and a name that is misspelt here looks the same. Have the secret with the certificate of the gateway restored.',
  outranks: [
    'server-certificate-name-mismatch',
    'server-certificate-self-signed',
    'server-issuer-untrusted',
    'server-chain-incomplete',
    'server-certificate-expired',
    'server-certificate-weak',
  ],
  explain(situation) {
    const { evidence, baseline } = situation;
    const [leaf] = evidence.tls?.serverCertificates ?? [];
    if (!leaf || !isServerUntrusted(evidence)) return undefined;
    const product = productOf(leaf);
    const before = lostCertificate(leaf, situation);
    if (product === undefined && !before) return undefined;
    return {
      confidence: confidenceOf(product, before),
      evidence: [
        `The server presents ${leaf.subject ?? 'an unreadable subject'}, SHA-256 ${leaf.sha256}.`,
        ...(product === undefined ? [] : [`That is the default certificate of ${product}.`]),
        ...(before && baseline
          ? [
              `At ${momentOf(baseline, evidence)} it presented ${before.subject ?? before.sha256} for this name.`,
            ]
          : []),
      ],
      remedy: 'Have the certificate of the gateway, or the routing for this name, restored.',
    };
  },
};

function productOf({ subject = '' }: CertificateSeen): string | undefined {
  return defaults.find(([, pattern]) => pattern.test(subject))?.[0];
}

/** The certificate that was presented for our name before, where another one, for other names, is presented now. */
function lostCertificate(leaf: CertificateSeen, situation: Situation): CertificateSeen | undefined {
  const { evidence, baseline } = situation;
  const before = baseline && leafOf(baseline.evidence);
  if (!before || before.sha256 === leaf.sha256) return undefined;
  const wasOurs = isMadeOutFor(before, evidence) === true;
  return wasOurs && isMadeOutFor(leaf, evidence) !== true ? before : undefined;
}

function leafOf({ tls }: Evidence): CertificateSeen | undefined {
  return tls?.serverCertificates?.[0];
}

function confidenceOf(
  product: string | undefined,
  before: CertificateSeen | undefined,
): Confidence {
  return product !== undefined && before ? 'certain' : 'likely';
}
