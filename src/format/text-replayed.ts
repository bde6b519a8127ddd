/** What a replay changed in the conclusion, for a person. */
import type { Alternative } from '../diagnosis/diagnose.ts';
import type { Report } from '../report/report.ts';
import { bullet } from './paragraph.ts';

export function replayedLines(report: Report): readonly string[] {
  return replayedSentences(report).flatMap(bullet);
}

/** Empty for a report that was not diagnosed again. */
export function replayedSentences({ outcome, cause, replayed }: Report): readonly string[] {
  if (!replayed) return [];
  const lines = [
    ...changed('The outcome', replayed.outcome, outcome),
    ...changed('The cause', replayed.cause?.code ?? 'none', cause?.code ?? 'none'),
    ...changedConfidence(replayed.cause, cause),
  ];
  const then = `Sidelight ${replayed.version}`;
  return lines.length > 0
    ? [`${then} had concluded otherwise.`, ...lines]
    : [`${then} had concluded the same: outcome, cause and confidence.`];
}

function changed(what: string, before: string, now: string): readonly string[] {
  return before === now ? [] : [`${what} was ${before}, and is ${now} now.`];
}

/** Of another cause it says nothing that the cause does not. */
function changedConfidence(before: Alternative | null, now: Report['cause']): readonly string[] {
  if (!before || !now || before.code !== now.code) return [];
  return changed('The confidence', before.confidence, now.confidence);
}
