/** What the last accepted look proves about the present one. */
import type { Evidence } from '../evidence/evidence.ts';
import type { Baseline } from './baseline.ts';
import type { Situation } from './cause.ts';

/** The same certificate was asked for, sent and accepted before. */
export function wasAcceptedBefore({ evidence, baseline }: Situation): boolean {
  if (!baseline || !isOurCertificateUnchanged(evidence, baseline)) return false;
  const { tls } = baseline.evidence;
  return tls?.clientCertificateRequested === true && tls.clientCertificateSent === true;
}

function isOurCertificateUnchanged(evidence: Evidence, baseline: Baseline): boolean {
  const before = baseline.evidence.clientCertificate?.sha256;
  return before !== undefined && before === evidence.clientCertificate?.sha256;
}

/** Whether the server presents the very certificate that it presented at the last accepted look; undefined without one. */
export function isServerLeafUnchanged({ evidence, baseline }: Situation): boolean | undefined {
  const [before, now] = [baseline?.evidence, evidence].map(
    (seen) => seen?.tls?.serverCertificates?.[0]?.sha256,
  );
  return before === undefined || now === undefined ? undefined : before === now;
}

/** Whether our certificate file holds the same certificates, in the same order, as at the last accepted look. */
export function isChainUnchanged(evidence: Evidence, baseline: Baseline): boolean {
  const [before, now] = [chainOf(baseline.evidence), chainOf(evidence)];
  return before !== undefined && before === now;
}

function chainOf({ credential }: Evidence): string | undefined {
  return credential.chain?.map(({ sha256 }) => sha256).join(' ');
}

/** Whether the gateway named another list of authorities than before; undefined when either look saw no request. */
export function haveAuthoritiesChanged(
  evidence: Evidence,
  baseline: Baseline,
): boolean | undefined {
  const [before, now] = [baseline.evidence.tls, evidence.tls];
  if (!before?.clientCertificateRequested || !now?.clientCertificateRequested) return undefined;
  const [namesBefore, namesNow] = [
    before.certificateAuthorities ?? [],
    now.certificateAuthorities ?? [],
  ];
  if (asSet(namesBefore) !== asSet(namesNow)) return true;
  // The same names in another order are no change; the same text from other octets is one.
  return (
    JSON.stringify(namesBefore) === JSON.stringify(namesNow) &&
    before.certificateAuthoritiesSha256 !== now.certificateAuthoritiesSha256
  );
}

function asSet(names: readonly string[]): string {
  return JSON.stringify([...new Set(names)].sort());
}

/** Hours and minutes of a baseline of the same day, else the whole time: `12:19` or `2026-11-22 12:19`, in UTC. */
export function momentOf(baseline: Baseline, { time: now }: Evidence): string {
  const then = baseline.evidence.time;
  const [day, clock] = [then.slice(0, 10), then.slice(11, 16)];
  return `${day === now.slice(0, 10) ? clock : `${day} ${clock}`} UTC`;
}

/** `Nothing on this side changed since …`, as far as both looks saw it; undefined when something did. */
export function nothingOnThisSideChanged({ evidence, baseline }: Situation): string | undefined {
  if (!baseline || !isOurCertificateUnchanged(evidence, baseline)) return undefined;
  if (evidence.target.proxy !== baseline.evidence.target.proxy) return undefined;
  if (chainOf(evidence) !== chainOf(baseline.evidence)) return undefined;
  const moment = momentOf(baseline, evidence);
  return `Nothing on this side changed since the last accepted look at ${moment}: the same certificate, the same way.`;
}
