/** The report for a person: outcome, cause and next step in three lines, then everything that was seen. */
import type { Outcome } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import type { FormatOptions } from './formats.ts';
import { drawLadder } from './ladder.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { safeLine } from './paragraph.ts';
import { causeSentence, nextStep, outcomeSentence, outcomeWord } from './summary.ts';
import {
  alternativeLines,
  changeLines,
  preflightLines,
  warningLines,
  whyLines,
} from './text-concluded.ts';
import { delegateLines } from './text-delegate.ts';
import { experimentLines } from './text-experiments.ts';
import { replayedLines } from './text-replayed.ts';
import {
  alertLines,
  answerLines,
  circumstanceLines,
  dropLines,
  presentedLines,
  serverLines,
  stepLines,
  tlsLines,
} from './text-seen.ts';
import { timeInWords } from './words.ts';

export function text(report: Report, { colour, verbose }: FormatOptions): string {
  const paint = painter(colour);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Diagnosed again', replayedLines(report)],
    ['Of new files, which this look did not use yet', preflightLines(report)],
    [whyHeading(report), whyLines(report)],
    [changedHeading(report), changeLines(report)],
    ['It could also be', alternativeLines(report)],
    ['Warnings', warningLines(report)],
    ['Steps', stepLines(report, paint)],
    ['TLS', tlsLines(report)],
    ['Alerts', alertLines(report)],
    ['The server presented', serverLines(report)],
    ['Our client certificate', presentedLines(report)],
    ['The delegate itself', delegateLines(report)],
    ['Answers', answerLines(report)],
    ['How connections that stood ended', dropLines(report)],
    ['Experiments', experimentLines(report)],
    ['On the wire', verbose ? drawLadder(report) : []],
    ['This report', circumstanceLines(report)],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([heading, lines]) => ['', paint('bold', safeLine(heading)), ...lines]);
  return `${[...summary(report, paint), ...body].join('\n')}\n`;
}

/** Never wrapped: the first three lines of the output are these, so that they can be cut off and read aloud. */
function summary(report: Report, paint: Paint): readonly string[] {
  return [
    `${paint(outcomeStyle[report.outcome], outcomeWord[report.outcome])}: ${outcomeSentence(report)}`,
    safeLine(`Cause: ${causeSentence(report)}`),
    safeLine(`Next: ${nextStep(report)}`),
  ];
}

const outcomeStyle: Readonly<Record<Outcome, Style>> = {
  accepted: 'green',
  rejected: 'red',
  failed: 'red',
  unconfirmed: 'yellow',
};

function whyHeading({ cause }: Report): string {
  return cause ? `Why: ${cause.code}` : 'Why';
}

function changedHeading({ lastAcceptedAt }: Report): string {
  return `Changed since the last accepted look${lastAcceptedAt ? `, at ${timeInWords(lastAcceptedAt)}` : ''}`;
}
