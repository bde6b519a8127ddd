/** The resolver gives an address that cannot be the gateway's. */
import type { Evidence } from '../../evidence/evidence.ts';
import { isPublicName, kindOfAddress } from '../addresses.ts';
import type { Baseline } from '../baseline.ts';
import type { Cause, Confidence } from '../cause.ts';
import { experimentsWith } from '../experiments.ts';
import { momentOf } from '../since-baseline.ts';

export const dnsUnexpectedAddress: Cause = {
  code: 'dns-unexpected-address',
  title: 'The name of the gateway leads to an unexpected address',
  side: 'network',
  documentation:
    'The resolver of this network answers the public name of the gateway with an address of this machine or of nobody (127.0.0.1, 0.0.0.0), as filters do, or with a private one where it was public before. What answers there is not the gateway, so every later failure follows from it. A private address alone is no fault: private links to a gateway have one. Other public addresses than before are only told as a change. Compare with a resolver outside, and have split-horizon zones, hosts files and DNS filters corrected.',
  outranks: [
    'tcp-refused',
    'tcp-timeout',
    'tcp-unreachable',
    'gateway-not-listening',
    'plaintext-service',
    'captive-portal',
    'server-certificate-name-mismatch',
    'server-certificate-self-signed',
    'server-issuer-untrusted',
    'server-chain-incomplete',
    'gateway-default-certificate',
  ],
  explain({ evidence, baseline }) {
    const { host, proxy } = evidence.target;
    const now = addressesOf(evidence);
    if (proxy !== undefined || now.length === 0 || !isPublicName(host)) return undefined;
    // A server with a trusted certificate for the name is the gateway, wherever it stands.
    if (evidence.tls?.serverAuthorized || isGatewayThere(evidence)) return undefined;
    const before = baseline ? addressesOf(baseline.evidence) : [];
    // Where it accepted us before, the gateway is.
    if (now.every((address) => before.includes(address))) return undefined;
    const confidence = confidenceOf(now, baseline);
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [
        `The resolver gives ${now.join(', ')} for ${host}.`,
        ...(baseline && before.length > 0
          ? [`At ${momentOf(baseline, evidence)} it gave ${before.join(', ')}.`]
          : []),
      ],
      remedy: `Compare the addresses of ${host} with a resolver outside this network, and correct the resolver or hosts file.`,
    };
  },
};

function addressesOf({ steps }: Evidence): readonly string[] {
  return steps.find(({ name }) => name === 'dns')?.addresses ?? [];
}

function confidenceOf(
  now: readonly string[],
  baseline: Baseline | undefined,
): Confidence | undefined {
  const before = baseline ? addressesOf(baseline.evidence) : [];
  const wasPublic = before.some((address) => kindOfAddress(address) === 'public');
  if (now.every((address) => kindOfAddress(address) === 'sinkhole')) {
    return wasPublic ? 'certain' : 'likely';
  }
  const isPrivate = now.every((address) => kindOfAddress(address) !== 'public');
  return isPrivate && wasPublic ? 'likely' : undefined;
}

/** Another attempt at one of these addresses got the gateway's verdict. */
function isGatewayThere(evidence: Evidence): boolean {
  return experimentsWith(evidence, 'again', 'other-address').some(
    ({ outcome }) => outcome === 'accepted' || outcome === 'rejected',
  );
}
