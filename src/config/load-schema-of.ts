/** The setting of `sidelight schema`: which document is described. */
import { CannotRun } from '../base/cannot-run.ts';
import type { LoadShowInput } from './load-show.ts';
import { type Findings, settle } from './settings.ts';

/** Throws CannotRun with every problem. */
export function loadSchemaOf({ options: given, env, problems }: LoadShowInput): string {
  const findings: Findings = { problems: [...problems], origins: [] };
  const document = settle('schemaOf', { command: 'schema', given, env }, findings);
  if (findings.problems.length > 0 || !document) throw new CannotRun(findings.problems);
  return document.value;
}
