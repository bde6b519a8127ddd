/** What differs between the last accepted evidence and this one, fact by fact; and what it was, as far as that tells. */
import type { Evidence } from '../evidence/evidence.ts';
import type { Baseline, Change } from './baseline.ts';
import { comparedFacts } from './compared-facts.ts';
import { haveAuthoritiesChanged } from './since-baseline.ts';

const authorities = 'tls.certificateAuthorities';
const authoritiesSha256 = 'tls.certificateAuthoritiesSha256';

export function changesSince(baseline: Baseline, evidence: Evidence): readonly Change[] {
  const changes = comparedFacts.flatMap(({ what, read }) => {
    const [before, now] = [read(baseline.evidence), read(evidence)];
    if (before === undefined || now === undefined || isSame(before, now)) return [];
    return [{ what, before, now }];
  });
  return [...changes, ...authoritiesChange(baseline, evidence)];
}

function isSame(before: unknown, now: unknown): boolean {
  return before === now || JSON.stringify(before) === JSON.stringify(now);
}

/** Named by their names; where those agree and the names' octets do not, by the fingerprint of the list. */
function authoritiesChange(baseline: Baseline, evidence: Evidence): readonly Change[] {
  if (!haveAuthoritiesChanged(evidence, baseline)) return [];
  const [before, now] = [baseline.evidence.tls, evidence.tls];
  const names = {
    what: authorities,
    before: before?.certificateAuthorities ?? [],
    now: now?.certificateAuthorities ?? [],
  };
  if (!isSame(names.before, names.now)) return [names];
  return [
    {
      what: authoritiesSha256,
      before: before?.certificateAuthoritiesSha256 ?? null,
      now: now?.certificateAuthoritiesSha256 ?? null,
    },
  ];
}

/**
 * What a report remembers of the last accepted look: this evidence, with what had changed put back. What the report
 * does not compare, and what this look did not see, is as this look has it; so it is less than the baseline was.
 */
export function recallBaseline(
  evidence: Evidence,
  changes: readonly Change[],
  acceptedAt: string,
): Baseline {
  const before = new Map(changes.map((change) => [change.what, change.before]));
  const recalled = comparedFacts.reduce(
    (seen, { what, recall }) => (before.has(what) ? recall(seen, before.get(what)) : seen),
    evidence,
  );
  const accepted = recallAuthorities(withoutFailure(recalled), before);
  return { evidence: { ...accepted, time: acceptedAt } };
}

/** Whatever else it was, an accepted look had a complete handshake and no extra attempts. */
function withoutFailure({ experiments: _, ...evidence }: Evidence): Evidence {
  if (!evidence.tls) return evidence;
  const { notTls: __, ended: ___, progress, ...tls } = evidence.tls;
  const complete = { serverHelloReceived: true, finishedSent: true, finishedReceived: true };
  return { ...evidence, tls: { ...tls, progress: { ...progress, ...complete } } };
}

function recallAuthorities(evidence: Evidence, before: ReadonlyMap<string, unknown>): Evidence {
  const [names, sha256] = [before.get(authorities), before.get(authoritiesSha256)];
  if (!evidence.tls) return evidence;
  if (Array.isArray(names)) {
    const { certificateAuthoritiesSha256: _, ...tls } = evidence.tls;
    return { ...evidence, tls: { ...tls, certificateAuthorities: names.map(String) } };
  }
  if (typeof sha256 !== 'string') return evidence;
  return { ...evidence, tls: { ...evidence.tls, certificateAuthoritiesSha256: sha256 } };
}
