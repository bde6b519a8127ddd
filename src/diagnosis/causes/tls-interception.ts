/** Something on the way ends our TLS connection and presents a certificate of its own. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Finding, Situation } from '../cause.ts';
import { experimentsInWords, experimentsWith } from '../experiments.ts';
import { inspectionProductOf } from '../interception.ts';
import { isMadeOutFor } from '../names.ts';
import { isServerUntrusted } from '../reading.ts';
import { unknownIssuerCodes } from '../server-trust.ts';
import { isServerLeafUnchanged, momentOf } from '../since-baseline.ts';

export const tlsInterception: Cause = {
  code: 'tls-interception',
  title: 'Something on the way opens our TLS connection',
  side: 'network',
  documentation:
    'An inspecting proxy or firewall, or an antivirus on this machine, answers in place of the gateway with a certificate that it makes on the spot. Our certificate then never reaches the gateway, so mutual TLS cannot work through it. It is certain when the issuer is the authority of a known inspection product and the certificate is made out for the name we asked for, or when the way around the proxy shows another certificate; likely when the issuer is known and the name is not ours, or when a certificate for our name, trusted by public authorities before, now has an issuer that nobody trusts. For any other certificate of an unknown issuer it is possible, beside server-issuer-untrusted. A gateway with a new private CA looks the same: compare fingerprints. Have this host exempted from inspection.',
  outranks: [
    'server-issuer-untrusted',
    'server-certificate-self-signed',
    'server-chain-incomplete',
    'server-chain-invalid',
    'server-certificate-name-mismatch',
    'gateway-default-certificate',
    'gateway-stopped-requesting-client-certificate',
    'client-certificate-not-requested',
    'client-certificate-refused-by-http',
    'gateway-forbids',
    'account-or-token-refused',
    'gateway-refused-our-certificate',
    'gateway-handshake-refused',
  ],
  explain(situation) {
    const how =
      byProduct(situation) ??
      byTheWayAround(situation) ??
      byNewIssuer(situation) ??
      byUnknownIssuer(situation);
    return (
      how && {
        ...how,
        remedy: `Have ${situation.evidence.target.host} exempted from TLS inspection: mutual TLS cannot be inspected.`,
      }
    );
  },
};

type How = Omit<Finding, 'remedy'> | undefined;

function byProduct({ evidence }: Situation): How {
  const chain = evidence.tls?.serverCertificates ?? [];
  const product = inspectionProductOf(chain);
  const [leaf] = chain;
  if (product === undefined || !leaf) return undefined;
  const isForUs = isMadeOutFor(leaf, evidence) === true;
  return {
    confidence: isForUs ? 'certain' : 'likely',
    evidence: [
      `The certificate presented was issued by ${leaf.issuer}, which is how ${product} signs.`,
      isForUs
        ? 'It is made out for the name that we asked for.'
        : 'It is not made out for the name that we asked for.',
    ],
  };
}

/** Through the proxy one certificate, around it another. */
function byTheWayAround({ evidence }: Situation): How {
  const [leaf] = evidence.tls?.serverCertificates ?? [];
  if (!leaf || !isServerUntrusted(evidence)) return undefined;
  const around = experimentsWith(evidence, 'without-proxy').find(
    ({ serverCertificateSha256: sha256, outcome }) =>
      sha256 !== undefined && sha256 !== leaf.sha256 && outcome !== 'failed',
  );
  if (!around) return undefined;
  return {
    confidence: 'certain',
    evidence: [
      `Through the proxy the certificate has SHA-256 ${leaf.sha256}, directly ${around.serverCertificateSha256}.`,
      ...experimentsInWords(around),
    ],
  };
}

/** A certificate for our name from an unknown issuer, in place of one that public authorities vouched for. */
function byNewIssuer({ evidence, baseline }: Situation): How {
  const [leaf] = evidence.tls?.serverCertificates ?? [];
  const before = baseline?.evidence.tls;
  const [known] = before?.serverCertificates ?? [];
  if (!leaf || !known || !baseline || !isServerUntrusted(evidence)) return undefined;
  if (!wasPublic(baseline.evidence) || evidence.credential.caFile) return undefined;
  const isOther = known.issuer !== leaf.issuer && known.spkiSha256 !== leaf.spkiSha256;
  const isMade = isMadeOutFor(leaf, evidence) === true && leaf.selfSigned !== true;
  if (!isOther || !isMade) return undefined;
  return {
    confidence: 'likely',
    evidence: [
      `A certificate for our name was issued by ${leaf.issuer}, which is not trusted here.`,
      `At ${momentOf(baseline, evidence)} the issuer was ${known.issuer}, which is trusted.`,
    ],
  };
}

/** Nothing names who signed for our name: it may be the gateway's own CA, and it may be anybody's. */
function byUnknownIssuer(situation: Situation): How {
  const { tls } = situation.evidence;
  const [leaf] = tls?.serverCertificates ?? [];
  if (!leaf || !unknownIssuerCodes.includes(tls?.serverAuthorizationError ?? '')) return undefined;
  if (!isServerUntrusted(situation.evidence) || isServerLeafUnchanged(situation)) return undefined;
  if (isMadeOutFor(leaf, situation.evidence) !== true) return undefined;
  return {
    confidence: 'possible',
    evidence: [`A certificate for our name was issued by ${leaf.issuer}, which is not known here.`],
  };
}

/** Trusted without a CA file of ours: by an authority of the system. */
function wasPublic({ tls, credential }: Evidence): boolean {
  return tls?.serverAuthorized === true && credential.caFile === undefined;
}
