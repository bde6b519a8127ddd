/** The gateway is reached over IPv4 and not over IPv6. */
import type { Evidence, ExperimentSeen } from '../../evidence/evidence.ts';
import { isIpv6 } from '../addresses.ts';
import { decisiveAnswer } from '../answer.ts';
import type { Cause, Confidence } from '../cause.ts';
import { endedAlike, experimentsInWords, experimentsWith } from '../experiments.ts';
import { brokenHandshake } from '../handshake.ts';
import { failedStep, proxyInUse } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

export const ipv6Broken: Cause = {
  code: 'ipv6-broken',
  title: 'IPv6 on the way to the gateway is broken',
  side: 'network',
  documentation:
    'This look used an IPv6 address and got no answer of the gateway, and the IPv4 addresses of the same name give one. Dials that fail over IPv6 and then succeed over IPv4 cost time and are told as a warning. When the gateway answers over IPv6 and refuses, or addresses of one family disagree, it is gateway-replicas-disagree; when IPv4 fails as well, it is what the dials say. Repair IPv6 on the way, often its path MTU, or prefer IPv4.',
  outranks: [
    'tcp-refused',
    'tcp-timeout',
    'tcp-unreachable',
    'gateway-not-listening',
    'handshake-timeout',
    'handshake-reset',
    'handshake-closed',
    'http-no-answer',
    'gateway-replicas-disagree',
    'path-mtu-black-hole',
    'client-hello-too-large',
  ],
  explain({ evidence }) {
    const used = ipv6Used(evidence);
    if (used === undefined || proxyInUse(evidence) !== undefined) return undefined;
    const others = experimentsWith(evidence, 'other-address');
    const [fourth, sixth] = [others.filter(isOverIpv4), others.filter((each) => !isOverIpv4(each))];
    if (fourth.length === 0 || !fourth.every(isVerdict)) return undefined;
    if (!sixth.every((each) => endedAlike(each, evidence))) return undefined;
    return {
      confidence: confidenceOf(fourth, sixth),
      evidence: [`The address ${used} is IPv6 and failed.`, ...experimentsInWords(...others)],
      remedy: 'Repair IPv6 on the way to the gateway, or have this machine prefer IPv4.',
    };
  },
};

/** The gateway said what it thinks of us, whatever that is. */
function isVerdict({ outcome }: ExperimentSeen): boolean {
  return outcome === 'accepted' || outcome === 'rejected';
}

function confidenceOf(
  fourth: readonly ExperimentSeen[],
  sixth: readonly ExperimentSeen[],
): Confidence {
  if (!fourth.every(({ outcome }) => outcome === 'accepted')) return 'possible';
  return sixth.length > 0 ? 'certain' : 'likely';
}

function isOverIpv4({ value }: ExperimentSeen): boolean {
  return value !== undefined && !isIpv6(value);
}

/** The IPv6 address at which the look ended without an answer of the gateway. */
function ipv6Used(evidence: Evidence): string | undefined {
  const dial = failedStep(evidence, 'tcp');
  const failed = dial?.failedAddresses?.map(({ address }) => address) ?? [];
  if (dial) return failed.length > 0 && failed.every(isIpv6) ? failed[0] : undefined;
  if (refusalOf(evidence) || decisiveAnswer(evidence)) return undefined;
  if (!brokenHandshake(evidence) && !failedStep(evidence, 'http')) return undefined;
  const address = evidence.steps.find(({ name }) => name === 'tcp')?.address;
  return address !== undefined && isIpv6(address) ? address : undefined;
}
