/** An event for a person, on one line: when, how bad, which, what, and the next step. */
import { sanitise } from '../base/sanitise.ts';
import type { Report } from '../report/report.ts';
import { factsOf } from './event/facts.ts';

const maxLength = 4096;

export function line(report: Report): string {
  const { code, entry, message } = factsOf(report);
  const remedy = report.preflight ? report.preflight.checks[0]?.remedy : report.cause?.remedy;
  const next = remedy === undefined ? '' : ` Next: ${remedy}`;
  const text = `${report.time} ${entry.severity} ${code} ${message}${next}`;
  return `${sanitise(text, maxLength)}\n`;
}
