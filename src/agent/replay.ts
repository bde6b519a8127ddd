/** `check --replay`: stored reports, diagnosed again with what is known of causes today. */
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import { recallBaseline } from '../diagnosis/changes.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { evidenceOf } from '../report/make-report.ts';
import { readReports } from '../report/read-reports.ts';
import { type Report, reportSchemaName } from '../report/report.ts';

/**
 * Every report of a text, as stored and then diagnosed again. Throws CannotRun when something in it is no report, for
 * then the exit code would speak of less than the file; `where` names the text.
 */
export function replayText(text: string, where: string): readonly Report[] {
  const { reports, refused } = readReports(text);
  const expected = `reports of Sidelight in JSON (${reportSchemaName})`;
  const problems: Problem[] = refused.slice(0, shownProblems).map(({ number, why }) => ({
    where: `${where}: report ${number}`,
    what: why,
    expected,
  }));
  if (reports.length === 0 && problems.length === 0) {
    problems.push({ where, what: 'holds no report', expected });
  }
  if (problems.length > 0) throw new CannotRun(problems);
  return reports.map(replay);
}

/** A file of another kind has the same fault on every line. */
const shownProblems = 3;

/** The same evidence, and today's conclusion. What had changed since the last accepted look stays as it was told then. */
function replay(report: Report): Report {
  const { changes, lastAcceptedAt, layer: _, replayed: __, ...circumstances } = report;
  const evidence = evidenceOf(report);
  const baseline =
    lastAcceptedAt === undefined
      ? undefined
      : recallBaseline(evidence, changes ?? [], lastAcceptedAt);
  const diagnosis = diagnose(evidence, baseline);
  const { cause, outcome, agent } = report;
  return {
    ...circumstances,
    ...diagnosis,
    ...(changes && { changes }),
    replayed: {
      outcome,
      cause: cause && { code: cause.code, confidence: cause.confidence },
      version: agent.version,
    },
  };
}
