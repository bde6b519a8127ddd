/** The document `sidelight.preflight/1`: every check with what came of it, and one verdict. */
import { catalogue } from '../diagnosis/catalogue.ts';
import type { Check, CheckResult, Judgement } from './check.ts';

export const preflightSchemaName = 'sidelight.preflight/1';

export interface Preflight {
  readonly schema: typeof preflightSchemaName;
  /** `broken`: a check failed, or came to a warning where warnings were to count as well. */
  readonly verdict: 'good' | 'broken';
  /** In the order in which they are to be read. */
  readonly checks: readonly CheckResult[];
}

/** The mildest outcome that breaks the verdict. */
export const failOnLevels = ['failed', 'warning'] as const;
export type FailOn = (typeof failOnLevels)[number];

export function toPreflight(checks: readonly CheckResult[], failOn: FailOn): Preflight {
  const breaks = ({ outcome }: CheckResult): boolean =>
    outcome === 'failed' || (outcome === 'warning' && failOn === 'warning');
  return {
    schema: preflightSchemaName,
    verdict: checks.some(breaks) ? 'broken' : 'good',
    checks,
  };
}

export function judgeAll<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): readonly CheckResult[] {
  return checks.map((check) => toResult(check, check.judge(subject)));
}

export function toResult(
  { code, title }: Pick<CheckResult, 'code' | 'title'>,
  { outcome, evidence, remedy }: Judgement,
): CheckResult {
  return { code, outcome, title, evidence, remedy, documentation: documentationOf(code) };
}

/** The heading that explains a code: every cause has one, and so has what only a preflight knows. */
export function documentationOf(code: string): string {
  return `docs/${isCause(code) ? 'causes' : 'preflight'}.md#${code}`;
}

export function isCause(code: string): boolean {
  return catalogue.some((cause) => cause.code === code);
}
