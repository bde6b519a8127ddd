/** One gateway watched through a rotation, as a pure reducer: what it was like before, what turned, and the verdict. */
import type { Baseline, Change } from '../diagnosis/baseline.ts';
import { changesSince } from '../diagnosis/changes.ts';
import { type Diagnosis, diagnose } from '../diagnosis/diagnose.ts';
import { plural } from '../diagnosis/time.ts';
import type { Warning } from '../diagnosis/warning.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type CheckResult, failed, type Judgement, passed, warned } from './check.ts';
import { findDoubt } from './doubt.ts';
import { acceptsClient, seenInWords } from './live.ts';
import { judgeNewWarnings, newWarnings, newWarningsCode, warningInWords } from './new-warnings.ts';
import { toResult } from './preflight.ts';

export interface Looked {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
}

/** With the time of the look that first saw it. */
type Dated<What> = What & { readonly at: string };

export interface Rotation {
  /** The gateway's URL, fit to be shown. */
  readonly gateway: string;
  readonly first: Looked;
  readonly last: Looked;
  /** The first accepted look: what the others are compared with. */
  readonly baseline?: Baseline;
  /** The first look included. */
  readonly looks: number;
  /** Looks after the first that were not accepted. */
  readonly failures: number;
  /** The first refusal after the first look; where nothing was refused, the first failure. */
  readonly failure?: Looked;
  /** What a look saw that the baseline had otherwise, each value once. */
  readonly changes: readonly Dated<Change>[];
  /** What an accepted look warned of and the baseline did not, each code once. */
  readonly warnings: readonly Dated<Warning>[];
}

export function beginRotation(gateway: string, evidence: Evidence): Rotation {
  const first = { evidence, diagnosis: diagnose(evidence) };
  const isAccepted = first.diagnosis.outcome === 'accepted';
  return {
    gateway,
    first,
    last: first,
    ...(isAccepted && { baseline: { evidence } }),
    looks: 1,
    failures: 0,
    changes: [],
    warnings: [],
  };
}

export function continueRotation(rotation: Rotation, evidence: Evidence): Rotation {
  const { baseline, failure } = rotation;
  const last = { evidence, diagnosis: diagnose(evidence, baseline) };
  const isAccepted = last.diagnosis.outcome === 'accepted';
  const gravest = isAccepted ? failure : graver(failure, last);
  return {
    ...rotation,
    last,
    ...(!baseline && isAccepted && { baseline: { evidence } }),
    looks: rotation.looks + 1,
    failures: rotation.failures + (isAccepted ? 0 : 1),
    ...(gravest && { failure: gravest }),
    changes: [...rotation.changes, ...newChanges(rotation, evidence)],
    warnings: isAccepted
      ? [...rotation.warnings, ...unknownWarnings(rotation, evidence)]
      : rotation.warnings,
  };
}

function graver(before: Looked | undefined, now: Looked): Looked {
  const isTurn = before?.diagnosis.outcome !== 'rejected' && now.diagnosis.outcome === 'rejected';
  return before && !isTurn ? before : now;
}

function newChanges({ baseline, changes }: Rotation, evidence: Evidence): readonly Dated<Change>[] {
  if (!baseline) return [];
  const known = new Set(changes.map(keyOf));
  return changesSince(baseline, evidence)
    .filter((change) => !known.has(keyOf(change)))
    .map((change) => ({ ...change, at: evidence.time }));
}

function unknownWarnings(
  { baseline, warnings }: Rotation,
  evidence: Evidence,
): readonly Dated<Warning>[] {
  if (!baseline) return [];
  const known = new Set(warnings.map(({ code }) => code));
  return newWarnings(baseline.evidence, evidence)
    .filter(({ code }) => !known.has(code))
    .map((warning) => ({ ...warning, at: evidence.time }));
}

function keyOf({ what, now }: Change): string {
  return JSON.stringify([what, now]);
}

export function rotationChecks(rotation: Rotation): readonly CheckResult[] {
  const { gateway, failure, warnings } = rotation;
  const code = failure?.diagnosis.cause?.code ?? acceptsClient;
  return [
    toResult(
      { code: 'compare-before-accepted', title: `${gateway} accepted us at the beginning` },
      begun(rotation),
    ),
    toResult({ code, title: `${gateway} accepts us throughout` }, throughout(rotation)),
    toResult(
      {
        code: newWarningsCode,
        title: `There is nothing to mind at ${gateway} that there was not at the beginning`,
      },
      judgeNewWarnings(warnings.map((each) => `${each.at}: ${warningInWords(each)}`)),
    ),
    toResult(
      { code: 'compare-changes', title: `What changed at ${gateway}` },
      passed(...changesInWords(rotation)),
    ),
  ];
}

function begun({ first: { evidence, diagnosis } }: Rotation): Judgement {
  const { outcome, cause } = diagnosis;
  const words = `At ${evidence.time} the outcome was ${outcome}.`;
  const doubt = outcome === 'accepted' && findDoubt(evidence, diagnosis);
  if (doubt) return warned(doubt.remedy, doubt.why, words);
  if (outcome === 'accepted') return passed(words);
  const why = cause ? [`${cause.title} (${cause.code}).`] : [];
  return warned('Begin while the gateway accepts us, before the rotation.', words, ...why);
}

/** What failed on the way and was mended is no refusal: the gateway was away while it was rolled out. */
function throughout(rotation: Rotation): Judgement {
  const { looks, failures, first, last, failure } = rotation;
  const span = `${plural(looks, 'look')} from ${first.evidence.time} to ${last.evidence.time}`;
  const isAccepted = last.diagnosis.outcome === 'accepted';
  const told = failure ?? (isAccepted ? undefined : last);
  if (!told && looks === 1) {
    return warned('Let it watch for longer: nothing is known of what came after.', `${span}.`);
  }
  if (!told) return passed(`${span}, all accepted after the first.`);
  const { cause, outcome } = told.diagnosis;
  const judge = isAccepted && outcome !== 'rejected' ? warned : failed;
  const remedy = cause?.remedy ?? 'Roll the change back, and look again.';
  return judge(
    isAccepted
      ? `It accepts us again. Find out what happened at ${told.evidence.time}; if it comes back: ${remedy}`
      : remedy,
    ...(cause ? [`${cause.title} (${cause.confidence}).`, ...cause.evidence] : []),
    `${told.evidence.time}: ${outcome}.`,
    ...seenInWords(told.evidence),
    `${span}, ${failures} not accepted after the first; the last was ${last.diagnosis.outcome}.`,
    ...changesInWords(rotation),
  );
}

function changesInWords({ changes }: Rotation): readonly string[] {
  if (changes.length === 0) return ['Nothing that is compared changed.'];
  return changes.map(
    ({ at, what, before, now }) =>
      `${at}: ${what} was ${inWords(before)} at the beginning, and then ${inWords(now)}.`,
  );
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
