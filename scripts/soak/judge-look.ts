/** Holds one look's report, or its absence, against what the model says is due. */
import { eventCodeOf } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import type { Expected } from './model.ts';
import type { LookSeen } from './world.ts';

export interface Judged {
  readonly faults: readonly string[];
  /** The same condition with another cause: what was known of it changed, and that is news. */
  readonly isClearer: boolean;
}

export function judgeLook(
  look: LookSeen,
  expected: Expected,
  report: Report | undefined,
  lastCause: string | undefined,
): Judged {
  const code = report && eventCodeOf(report);
  const due = expected.events;
  const cause = report?.cause?.code;
  const isSuperseding = code !== 'heartbeat' && code !== 'target-still-failing';
  const isClearer =
    report !== undefined && expected.isRepeat && isSuperseding && cause !== lastCause;
  const isDue = code === undefined ? due.length === 0 : due.includes(code);
  const faults =
    isDue || isClearer ? [] : [`${wanted(due)} was due, and ${code ?? 'nothing'} came`];
  return { faults: [...faults, ...(report ? countsOf(look, expected, report) : [])], isClearer };
}

const wanted = (due: readonly string[]): string =>
  due.length === 0 ? 'nothing' : due.join(' or ');

function countsOf(look: LookSeen, expected: Expected, report: Report): readonly string[] {
  const { number, repeats, failingSince, failedSince } = report.attempt;
  const said = { time: report.time, number, repeats, failingSince, failedSince };
  const right = {
    time: look.time,
    number: expected.number,
    repeats: expected.repeats,
    failingSince: expected.failingSince,
    failedSince: expected.failedSince,
  };
  return Object.entries(right)
    .filter(([name, value]) => said[name as keyof typeof said] !== value)
    .map(([name, value]) => `${name} is ${said[name as keyof typeof said]} in place of ${value}`);
}
