/** The report for a person: outcome, cause and next step in three lines, then everything that was seen. */
import type { Outcome } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import type { FormatOptions } from './formats.ts';
import { drawLadder } from './ladder.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { safeLine, wrap } from './paragraph.ts';
import { begunBy } from './status/lines.ts';
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

export function text(report: Report, options: FormatOptions): string {
  const { colour, verbose } = options;
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
  return `${[...summary(report, options, paint), ...body].join('\n')}\n`;
}

/** Each of the three in one line, so that they can be cut off and read aloud; wrapped only where a terminal would do it. */
function summary(
  report: Report,
  { isTerminal = false }: FormatOptions,
  paint: Paint,
): readonly string[] {
  const word = outcomeWord[report.outcome];
  const say = (label: string, sentence: string): readonly string[] => {
    const line = `${label}: ${sentence}`;
    return isTerminal ? wrap(line, '', ' '.repeat(label.length + 2)) : [safeLine(line)];
  };
  return [
    ...begunBy(word, outcomeStyle[report.outcome], say(word, outcomeSentence(report)), paint),
    ...say('Cause', causeSentence(report)),
    ...say('Next', nextStep(report)),
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
