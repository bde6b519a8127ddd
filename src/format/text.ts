/** The report for a person: outcome, cause and next step in three lines, then everything that was seen. */
import type { Side } from '../diagnosis/cause.ts';
import type { Outcome } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import type { FormatOptions } from './formats.ts';
import { drawLadder } from './ladder.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { safeLine } from './paragraph.ts';
import {
  alternativeLines,
  changeLines,
  circumstanceLines,
  warningLines,
  whyLines,
} from './text-concluded.ts';
import { delegateLines, isDelegateWorseOff } from './text-delegate.ts';
import { experimentLines } from './text-experiments.ts';
import {
  alertLines,
  answerLines,
  presentedLines,
  serverLines,
  stepLines,
  tlsLines,
} from './text-seen.ts';

export function text(report: Report, { colour, verbose }: FormatOptions): string {
  const paint = painter(colour);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [whyHeading(report), whyLines(report)],
    [`Changed since the last accepted look at ${report.lastAcceptedAt ?? ''}`, changeLines(report)],
    ['It could also be', alternativeLines(report)],
    ['Warnings', warningLines(report)],
    ['Steps', stepLines(report, paint)],
    ['TLS', tlsLines(report)],
    ['Alerts', alertLines(report)],
    ['The server presented', serverLines(report)],
    ['Our client certificate', presentedLines(report)],
    ['The delegate itself', delegateLines(report)],
    ['Answers', answerLines(report)],
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
    safeLine(causeSentence(report)),
    safeLine(`Next: ${nextStep(report)}`),
  ];
}

const outcomeWord = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  failed: 'Failed',
  unconfirmed: 'Unconfirmed',
} as const satisfies Record<Outcome, string>;

const outcomeStyle: Readonly<Record<Outcome, Style>> = {
  accepted: 'green',
  rejected: 'red',
  failed: 'red',
  unconfirmed: 'yellow',
};

function outcomeSentence({ outcome, layer, target }: Report): string {
  const gateway = safeLine(`${target.host} port ${target.port}`);
  const where = layer === undefined ? '' : ` (stopped at ${layer})`;
  switch (outcome) {
    case 'accepted':
      return `${gateway} accepts this delegate.`;
    case 'rejected':
      return `${gateway} refused this delegate${where}.`;
    case 'failed':
      return `no verdict of ${gateway} about this delegate${where}.`;
    case 'unconfirmed':
      return `${gateway} neither accepted nor refused this delegate${where}.`;
  }
}

const whoActs = {
  delegate: 'this side, the delegate, must act',
  network: 'the network must act',
  proxy: 'the proxy must act',
  gateway: 'the gateway must act',
} as const satisfies Record<Side, string>;

function causeSentence(report: Report): string {
  const { outcome, cause } = report;
  if (cause) return `Cause: ${cause.title}; ${whoActs[cause.side]} (${cause.confidence}).`;
  if (isDelegateWorseOff(report)) {
    return 'Cause: none for us, but the Java delegate itself would not be accepted; the delegate side must act.';
  }
  if (outcome === 'accepted') return 'Cause: none; nobody needs to act.';
  return 'Cause: not known; nothing in the catalogue fits what was seen.';
}

function nextStep(report: Report): string {
  const { outcome, cause, warnings } = report;
  if (cause) return cause.remedy;
  if (outcome !== 'accepted') return 'look again with --verbose, and send the report to support.';
  if (isDelegateWorseOff(report)) return 'mind what would stop the delegate itself, below.';
  return warnings.length > 0 ? 'nothing now, but mind the warnings below.' : 'nothing to do.';
}

function whyHeading({ cause }: Report): string {
  return cause ? `Why: ${cause.code}` : 'Why';
}
