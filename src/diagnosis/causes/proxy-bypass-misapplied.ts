/** The target is reached through a proxy that it should bypass, or the reverse. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { acceptedWith, experimentsInWords } from '../experiments.ts';
import { failedStep } from '../reading.ts';
import { momentOf } from '../since-baseline.ts';

export const proxyBypassMisapplied: Cause = {
  code: 'proxy-bypass-misapplied',
  title: 'The proxy is bypassed where it is needed, or the reverse',
  side: 'delegate',
  documentation:
    'This look went a way that does not lead to the gateway, and the other way does: NO_PROXY exempts the gateway although only the proxy gets there, or fails to exempt it although only the direct way does. It is certain when an extra attempt was accepted the other way and the last accepted look went that way too, and likely by one of the two. When no other way was tried and none is known, the failure itself is named: tcp-timeout, proxy-refused and their like. Correct NO_PROXY; its entries match the end of a name, and a port or an address range in it does not mean what it seems to.',
  outranks: [
    'dns-name-not-found',
    'dns-temporary-failure',
    'dns-unexpected-address',
    'tcp-refused',
    'tcp-timeout',
    'tcp-unreachable',
    'gateway-not-listening',
    'proxy-unreachable',
    'proxy-authentication-required',
    'proxy-refused',
    'proxy-upstream-failed',
    'proxy-timeout',
    'proxy-not-http',
  ],
  explain(situation) {
    const { evidence } = situation;
    if (!(['dns', 'tcp', 'proxy'] as const).some((name) => failedStep(evidence, name))) {
      return undefined;
    }
    const confidence = confidenceOf(situation);
    if (!confidence) return undefined;
    const { host, proxy } = evidence.target;
    return {
      confidence,
      evidence: [
        proxy === undefined
          ? `This look dialled ${host} directly, without a proxy, and did not reach it.`
          : `This look went through the proxy ${proxy} and did not reach ${host}.`,
        ...experimentsInWords(acceptedWith(evidence, otherWay(evidence))),
        ...earlierWayInWords(situation),
      ],
      remedy:
        proxy === undefined
          ? `Remove what exempts ${host} from the proxy in NO_PROXY.`
          : `Exempt ${host} from the proxy with NO_PROXY.`,
    };
  },
};

function otherWay({ target }: Evidence): 'with-proxy' | 'without-proxy' {
  return target.proxy === undefined ? 'with-proxy' : 'without-proxy';
}

function confidenceOf(situation: Situation): Confidence | undefined {
  const works = acceptedWith(situation.evidence, otherWay(situation.evidence)) !== undefined;
  const worked = wentTheOtherWay(situation);
  if (works && worked) return 'certain';
  // Without a baseline nobody says that the way taken was not meant: a refusing proxy then has a name of its own.
  if (works && situation.evidence.target.proxy !== undefined) return 'possible';
  return works || worked ? 'likely' : undefined;
}

function wentTheOtherWay({ evidence, baseline }: Situation): boolean {
  if (!baseline) return false;
  return (baseline.evidence.target.proxy === undefined) !== (evidence.target.proxy === undefined);
}

function earlierWayInWords(situation: Situation): readonly string[] {
  const { baseline, evidence } = situation;
  if (!baseline || !wentTheOtherWay(situation)) return [];
  const { proxy } = baseline.evidence.target;
  const how = proxy === undefined ? 'directly' : `through ${proxy}`;
  return [`At ${momentOf(baseline, evidence)} it was reached ${how}.`];
}
