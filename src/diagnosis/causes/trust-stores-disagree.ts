/** Of our trust anchors and the delegate's trust store, one verifies the server and the other does not. */
import type { Cause, Confidence, Situation } from '../cause.ts';
import { anchorsInWords, storeInWords, trustsAlone } from '../trust-disagreement.ts';

export const trustStoresDisagree: Cause = {
  code: 'trust-stores-disagree',
  title: 'Our trust anchors and the trust store of the delegate disagree about the server',
  side: 'delegate',
  documentation:
    "The delegate is a Java process with a trust store of its own, and the path of the gateway's certificate verifies against that store or against our anchors, but not against both. So the gateway's certificate is not at fault: one of the two stores lacks its CA. Load the CA into the delegate's store (a file in its ca-bundle folder, then a restart), or give it to Sidelight with --ca. When nobody put that CA there on purpose, something on the way may present certificates of its own.",
  outranks: [
    'server-issuer-untrusted',
    'server-certificate-self-signed',
    'server-chain-incomplete',
  ],
  explain(situation) {
    const { evidence } = situation;
    const alone = trustsAlone(evidence);
    if (!alone || (alone === 'us' && situation.outcome === 'failed')) return undefined;
    const issuer = evidence.tls?.serverCertificates?.[0]?.issuer;
    const [ours, theirs] = [anchorsInWords(evidence), storeInWords(evidence)];
    const isOurs = alone === 'us';
    return {
      confidence: confidenceOf(situation, isOurs),
      evidence: [
        ...(issuer === undefined ? [] : [`The certificate of the server was issued by ${issuer}.`]),
        `We ${isOurs ? 'trust' : 'do not trust'} it by ${ours}.`,
        `The delegate ${isOurs ? 'does not trust' : 'trusts'} it by ${theirs}.`,
      ],
      remedy: isOurs
        ? "Load the gateway's CA into the trust store of the delegate, and restart the delegate."
        : 'Give Sidelight the CA that the delegate trusts (--ca); the certificate of the gateway is not at fault.',
    };
  },
};

/** That we are refused is no fault of the delegate's store; that we do not trust a server that we trusted is one of our anchors. */
function confidenceOf({ evidence, baseline }: Situation, isOurs: boolean): Confidence {
  if (isOurs) return 'possible';
  const before = baseline?.evidence.tls?.serverCertificates?.[0]?.sha256;
  const isKnown = before !== undefined && before === evidence.tls?.serverCertificates?.[0]?.sha256;
  return isKnown ? 'certain' : 'likely';
}
