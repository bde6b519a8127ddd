/** `preflight compare`: what changed between two stored reports, and whether it broke something. */
import { CannotRun, errorCode } from '../../base/cannot-run.ts';
import { sanitise } from '../../base/sanitise.ts';
import type { PreflightCompareConfig } from '../../config/load-preflight.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { compareReports } from '../../preflight/compare.ts';
import { readReports } from '../../report/read-reports.ts';
import type { Report } from '../../report/report.ts';

/** Of a file with several reports the last counts. Throws CannotRun. */
export function runPreflightCompare(
  { beforePath, afterPath }: PreflightCompareConfig,
  readFile: (path: string) => string,
): readonly CheckResult[] {
  const before = readReport('--before', beforePath, readFile);
  const after = readReport('--after', afterPath, readFile);
  return compareReports(before, after);
}

function readReport(where: string, path: string, readFile: (path: string) => string): Report {
  const expected = 'a report as sidelight check --format json writes it';
  try {
    const report = readReports(readFile(path)).reports.at(-1);
    if (report) return report;
  } catch (error) {
    const what = `cannot read "${sanitise(path)}" (${errorCode(error)})`;
    throw new CannotRun([{ where, what, expected }], { cause: error });
  }
  throw new CannotRun([{ where, what: `"${sanitise(path)}" holds no report`, expected }]);
}
