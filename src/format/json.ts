/** The report as it is: one JSON document on one line. */
import type { Report } from '../report/report.ts';

export function json(report: Report): string {
  return `${JSON.stringify(report)}\n`;
}
