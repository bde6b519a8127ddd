/** The report as it is: one JSON document on one line. */
import type { Report } from '../report/report.ts';
import { jsonLine } from './event/fields.ts';

export function json(report: Report): string {
  return jsonLine(report);
}
