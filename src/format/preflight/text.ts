/** A preflight for a person: verdict, the first check that failed and the next step, then every check. */
import { plural } from '../../diagnosis/time.ts';
import type { CheckOutcome, CheckResult } from '../../preflight/check.ts';
import type { Preflight } from '../../preflight/preflight.ts';
import { type Paint, painter, type Style } from '../paint.ts';
import { wrap } from '../paragraph.ts';
import type { PreflightFormatOptions } from './formats.ts';

export function text(preflight: Preflight, { what, colour }: PreflightFormatOptions): string {
  const paint = painter(colour);
  const lines = [
    ...summary(preflight, what, paint),
    '',
    ...preflight.checks.flatMap((check) => checkLines(check, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function summary({ verdict, checks }: Preflight, what: string, paint: Paint): readonly string[] {
  const isGood = verdict === 'good';
  const word = isGood ? 'Good' : 'Broken';
  const count = (outcome: CheckOutcome): number =>
    checks.filter((check) => check.outcome === outcome).length;
  const sentence = isGood
    ? `nothing breaks with this ${what}.`
    : `not all is well with this ${what}.`;
  const gravest =
    checks.find(({ outcome }) => outcome === 'failed') ??
    checks.find(({ outcome }) => outcome === 'warning');
  return [
    `${paint(isGood ? 'green' : 'red', word)}: ${sentence}`,
    ...(gravest ? inBrief(gravest) : []),
    ...wrap(`Next: ${gravest?.remedy ?? 'nothing to do.'}`, '', '      '),
    `${count('failed')} failed, ${plural(count('warning'), 'warning')}, ${count('passed')} passed, ${count('skipped')} skipped.`,
  ];
}

/** Which check it is, and the first thing that it says: what stands below among forty others. */
function inBrief({ outcome, title, evidence: [why] }: CheckResult): readonly string[] {
  const word = outcome === 'failed' ? 'Failed' : 'Warning';
  return wrap(`${word}: ${title}${why === undefined ? '' : `: ${why}`}`, '', '  ');
}

const styles: Readonly<Record<CheckOutcome, Style>> = {
  passed: 'green',
  failed: 'red',
  warning: 'yellow',
  skipped: 'dim',
};

const indent = ' '.repeat(9);

function checkLines(check: CheckResult, paint: Paint): readonly string[] {
  const { outcome, title, code, evidence, remedy, documentation } = check;
  const isQuiet = outcome === 'passed' || outcome === 'skipped';
  const [first = '', ...rest] = wrap(`${title} [${code}]`, indent);
  return [
    `${paint(styles[outcome], outcome)}${first.slice(outcome.length)}`,
    ...rest,
    ...evidence.flatMap((line) => wrap(line, `${indent}- `, `${indent}  `)),
    ...(remedy === null ? [] : wrap(`Next: ${remedy}`, indent, `${indent}      `)),
    ...(isQuiet ? [] : wrap(`See ${documentation}`, indent)),
  ];
}
