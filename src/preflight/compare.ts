/** Two looks at one gateway, before a rotation and after it: what changed, and whether the gateway still accepts us. */
import { changesSince } from '../diagnosis/changes.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { isBefore } from '../diagnosis/time.ts';
import type { Evidence, Outcome } from '../evidence/evidence.ts';
import { type CheckResult, failed, type Judgement, passed, warned } from './check.ts';
import { findDoubt } from './doubt.ts';
import { acceptsClient } from './live.ts';
import { judgeNewWarnings, newWarnings, newWarningsCode, warningInWords } from './new-warnings.ts';
import { toResult } from './preflight.ts';

export interface Looked extends Evidence {
  readonly outcome: Outcome;
}

export function compareReports(before: Looked, after: Looked): readonly CheckResult[] {
  return [
    toResult(
      { code: 'compare-same-target', title: 'Both reports are of one target' },
      sameTarget(before, after),
    ),
    toResult(
      { code: 'compare-order', title: 'The report before is the older one' },
      inOrder(before, after),
    ),
    toResult(
      { code: 'compare-before-accepted', title: 'The gateway accepted us before' },
      wasAccepted(before),
    ),
    afterwards(before, after),
    toResult(
      { code: newWarningsCode, title: 'There is nothing to mind that there was not before' },
      judgeNewWarnings(newWarnings(before, after).map(warningInWords)),
    ),
    toResult(
      { code: 'compare-changes', title: 'What changed between the two' },
      changed(before, after),
    ),
  ];
}

function sameTarget({ target: one }: Looked, { target: other }: Looked): Judgement {
  const isSame = one.host === other.host && one.port === other.port;
  if (isSame) return passed(`${one.host} port ${one.port}.`);
  return failed(
    'Compare two reports of the same gateway.',
    `${one.host} port ${one.port} before, ${other.host} port ${other.port} after.`,
  );
}

function inOrder({ time: earlier }: Looked, { time: later }: Looked): Judgement {
  const words = `${earlier} before, ${later} after.`;
  if (isBefore(earlier, later)) return passed(words);
  return warned('Check which report is which: they are of one time, or swapped.', words);
}

function wasAccepted(before: Looked): Judgement {
  const { outcome, time } = before;
  const words = `At ${time} the outcome was ${outcome}.`;
  const doubt = outcome === 'accepted' && findDoubt(before, diagnose(before));
  if (doubt) return warned(doubt.remedy, doubt.why, words);
  if (outcome === 'accepted') return passed(words);
  return warned('Take a report while the gateway accepts us, to compare with.', words);
}

/** The later look is diagnosed again, with the earlier one as what was last accepted. */
function afterwards(before: Looked, after: Looked): CheckResult {
  const title = 'The gateway accepts us after';
  const baseline = before.outcome === 'accepted' ? { evidence: before } : undefined;
  const { outcome, cause } = diagnose(after, baseline);
  const words = `At ${after.time} the outcome was ${outcome}.`;
  if (outcome === 'accepted') {
    return toResult({ code: acceptsClient, title }, passed(words));
  }
  const code = cause?.code ?? acceptsClient;
  const why = cause ? [`${cause.title} (${cause.confidence}).`, ...cause.evidence] : [];
  const remedy = cause?.remedy ?? 'Roll the change back, and look again.';
  return toResult({ code, title }, failed(remedy, words, ...why));
}

/** A rotation changes something: that alone is no fault. */
function changed(before: Looked, after: Looked): Judgement {
  const changes = changesSince({ evidence: before }, after);
  if (changes.length === 0) return passed('Nothing that is compared.');
  return passed(
    ...changes.map(
      ({ what, before: was, now }) => `${what}: ${inWords(was)} before, ${inWords(now)} now.`,
    ),
  );
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
