/** The server's certificate leads to no authority that we trust. */
import type { CredentialSeen } from '../../evidence/evidence.ts';
import type { Cause, Situation } from '../cause.ts';
import {
  countInWords,
  leafInWords,
  type UntrustedServer,
  unknownIssuerCodes,
  untrustedServer,
  verdictInWords,
} from '../server-trust.ts';
import { isServerLeafUnchanged } from '../since-baseline.ts';

/** These name a reason that has a cause of its own. */
const othersSpeakOf: readonly string[] = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_PURPOSE',
];

export const serverIssuerUntrusted: Cause = {
  code: 'server-issuer-untrusted',
  title: 'The issuer of the certificate of the gateway is not trusted here',
  side: 'gateway',
  documentation:
    'The certificate of the gateway leads to an authority that is not among our trust anchors. Either our CA file lacks that authority, or something on the way presents a certificate of its own (tls-interception). It is certain only when the certificate is the one of the last accepted look, so that our anchors must have changed. Compare the fingerprint with the operator of the gateway; when it is genuine, add its CA with --ca.',
  explain(situation) {
    const { evidence } = situation;
    const server = untrustedServer(evidence);
    if (!server || othersSpeakOf.includes(server.code)) return undefined;
    const isUnknown = unknownIssuerCodes.includes(server.code);
    // The certificate is the gateway's own when it was accepted before: then nobody stands between.
    const isGenuine = isServerLeafUnchanged(situation) === true && !isShorter(server, situation);
    return {
      confidence: !isUnknown ? 'possible' : isGenuine ? 'certain' : 'likely',
      evidence: [
        leafInWords(server),
        countInWords(server),
        verdictInWords(server),
        anchorsInWords(evidence.credential),
      ],
      remedy: 'Add the CA that issued the certificate of the gateway to our trust anchors (--ca).',
    };
  },
};

function anchorsInWords({ caFile, extraCaFile: extra }: CredentialSeen): string {
  if (caFile) return `Our trust anchors come from ${caFile.path}.`;
  if (!extra) return 'No CA file is configured, so the trust anchors of the system are used.';
  return extra.error === undefined && extra.content === undefined
    ? `Our trust anchors are the usual ones and those in ${extra.path}.`
    : `Our trust anchors are the usual ones: ${extra.path} holds none that can be used (${extra.error ?? extra.content}).`;
}

/** Fewer certificates than before: then what is missing is the reason. */
function isShorter({ certificates }: UntrustedServer, { baseline }: Situation): boolean {
  return certificates.length < (baseline?.evidence.tls?.serverCertificates?.length ?? 0);
}
