/** The gateway took connections before, and now has no listener. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Baseline } from '../baseline.ts';
import type { Cause } from '../cause.ts';
import { failedDials } from '../dialling.ts';
import { acceptedWith, experimentsInWords, experimentsWith } from '../experiments.ts';
import { brokenHandshake } from '../handshake.ts';
import { proxyInUse } from '../reading.ts';
import { momentOf } from '../since-baseline.ts';

export const gatewayNotListening: Cause = {
  code: 'gateway-not-listening',
  title: 'The gateway no longer takes connections where it did',
  side: 'gateway',
  documentation:
    'The address and port refuse the connection, or reset it before our first octet, where the last accepted look connected. A gateway that cannot load its mTLS secret does this: Envoy keeps the listener closed or resets while its secret is missing. A firewall that answers in its place looks the same, so it is likely and not certain; and when the name leads to other addresses than before, it is only possible. A reset or a close after our ClientHello is gateway-handshake-refused. Without an earlier accepted look it is tcp-refused or tcp-reset-on-accept. Have the listener of the gateway and its secret checked.',
  outranks: ['tcp-refused', 'tcp-reset-on-accept'],
  explain({ evidence, baseline }) {
    if (!baseline || proxyInUse(evidence) !== undefined) return undefined;
    const how = refusedInWords(evidence);
    const before = addressOf(baseline.evidence);
    if (how === undefined || proxyInUse(baseline.evidence) !== undefined) return undefined;
    if (acceptedWith(evidence, 'again', 'other-address')) return undefined;
    return {
      confidence: isSameAddress(evidence, baseline, before) ? 'likely' : 'possible',
      evidence: [
        how,
        `At ${momentOf(baseline, evidence)} ${before ?? 'it'} took the connection on port ${evidence.target.port}.`,
        ...experimentsInWords(...experimentsWith(evidence, 'sibling-port')),
      ],
      remedy:
        'Have the operators of the gateway check its listener, and that its mTLS secret is loaded.',
    };
  },
};

function refusedInWords(evidence: Evidence): string | undefined {
  const dials = failedDials(evidence, ['ECONNREFUSED', 'ECONNRESET']);
  if (dials) return dials.inWords;
  const broken = brokenHandshake(evidence);
  if (broken?.how !== 'reset' || broken.tls.progress.clientHelloSent) return undefined;
  return 'The connection was reset before our ClientHello was out.';
}

function addressOf({ steps }: Evidence): string | undefined {
  return steps.find(({ name }) => name === 'tcp')?.address;
}

function isSameAddress(
  evidence: Evidence,
  baseline: Baseline,
  before: string | undefined,
): boolean {
  if (before === undefined) return true;
  const named = (seen: Evidence): readonly string[] =>
    seen.steps.flatMap(({ addresses = [], address, failedAddresses = [] }) => [
      ...addresses,
      ...failedAddresses.map((each) => each.address),
      ...(address === undefined ? [] : [address]),
    ]);
  const now = named(evidence);
  return (
    now.length === 0 ||
    now.includes(before) ||
    now.some((each) => named(baseline.evidence).includes(each))
  );
}
