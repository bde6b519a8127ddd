/** The client CA file of a gateway's secret: whether it can vouch for any client. */
import { isExpired, isNotYetValid } from '../../diagnosis/own-certificate.ts';
import { epochMs } from '../../diagnosis/time.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { type Flaw, judgeAnchor, judgePath } from '../../x509/judge-path.ts';
import { signsItself } from '../../x509/openssl-path.ts';
import { type Check, failed, passed, skipped, warned } from '../check.ts';
import { judgeAnchorDates, judgeClientCa } from '../client/anchors.ts';
import { type AnchorsRead, toAnchors } from '../client/client-subject.ts';
import { lifeInWords } from '../life.ts';
import { faultInWords } from '../path-words.ts';
import type { GatewaySubject } from './gateway-subject.ts';

/** Whether a gateway starts with it. */
export function isLoadable(clientCa: AnchorsRead): boolean {
  return judgeClientCa(toAnchors(clientCa)).outcome === 'passed';
}

const nothing = 'There is no certificate in it.';

export const clientCaUnusable: Check<GatewaySubject> = {
  code: 'client-ca-unusable',
  title: 'The client CA file holds certificates, and OpenSSL loads it',
  judge: ({ clientCa }) => judgeClientCa(clientCa),
};

export const clientCaExpired: Check<GatewaySubject> = {
  code: 'client-ca-expired',
  title: 'No client CA has expired',
  judge: ({ clientCa, now }) => judgeAnchorDates(clientCa.certificates, now),
};

export const clientCaNotYetValid: Check<GatewaySubject> = {
  code: 'client-ca-not-yet-valid',
  title: 'Every client CA is valid already',
  judge: ({ clientCa: { certificates }, now }) => {
    if (certificates.length === 0) return skipped(nothing);
    const seen = certificates.map(({ der }) => seeCertificate(der));
    const early = seen.filter((each) => isNotYetValid(each, now) && !isExpired(each, now));
    if (early.length === 0) return passed();
    const judge = early.length === seen.length ? failed : warned;
    return judge(
      'Wait with the rollout of this CA, or have it issued again.',
      ...early.slice(0, maxTold).map((each) => `${each.subject} is ${lifeInWords(each, now)}.`),
    );
  },
};

export const clientCaNoAuthority: Check<GatewaySubject> = {
  code: 'client-ca-no-authority',
  title: 'Every client CA may issue certificates, and its root is there',
  judge: ({ clientCa: { certificates: anchors }, now }) => {
    if (anchors.length === 0) return skipped(nothing);
    const wrong = anchors.flatMap((anchor) => whyNoAuthority(anchor, anchors, now));
    if (wrong.length === 0) return passed();
    return failed(
      'Put the CA certificates into the file, up to a root.',
      ...wrong.slice(0, maxTold),
    );
  },
};

const maxTold = 8;

/** A certificate that signed itself, and is no CA, can be there for the client that presents it. */
function whyNoAuthority(
  leaf: Certificate,
  anchors: readonly Certificate[],
  now: string,
): readonly string[] {
  const question = { leaf, anchors, purpose: 'client', nowMs: epochMs(now) ?? 0 } as const;
  const isClient = leaf.extensions.isCa !== true && signsItself(leaf);
  if (isClient && judgePath({ ...question, others: [] }).faults.length === 0) return [];
  const found = judgeAnchor(question).filter(({ flaw }) => lasting.includes(flaw));
  return found.flatMap((fault) =>
    fault.flaw === 'not-anchored'
      ? [
          `The root above ${fault.certificate.subject.text} is not there: OpenSSL accepts no path that ends below one.`,
        ]
      : faultInWords(fault, { path: [] }, now),
  );
}

/** What is no matter of time, nor of what stands below. */
const lasting: readonly Flaw[] = [
  'not-anchored',
  'unknown-critical-extension',
  'explicit-curve',
  'no-ca',
  'no-cert-sign',
  'extended-key-usage',
  'netscape-type',
  'weak-key',
];
