/** One check of a credential before it is used: what is looked at, and what came of it. */

export type CheckOutcome = 'passed' | 'failed' | 'warning' | 'skipped';

/** What a check comes to, as it stands in the document. */
export interface CheckResult {
  /** Stable lower-kebab-case: the code of a cause where that cause would be named if it came to it. */
  readonly code: string;
  readonly outcome: CheckOutcome;
  /** What is so when the check passes, in one short sentence. */
  readonly title: string;
  /** The facts that the outcome rests on; for a skipped check, why nothing was looked at. */
  readonly evidence: readonly string[];
  /** The next step; null when the check passed or was skipped. */
  readonly remedy: string | null;
  /** Where the code is explained, from the root of the repository. */
  readonly documentation: string;
}

/** A check that stands in every table, whatever it comes to. */
export interface Check<Subject> {
  readonly code: string;
  readonly title: string;
  /** Pure. */
  judge(subject: Subject): Judgement;
}

export interface Judgement {
  readonly outcome: CheckOutcome;
  readonly evidence: readonly string[];
  readonly remedy: string | null;
}

export function passed(...evidence: readonly string[]): Judgement {
  return { outcome: 'passed', evidence, remedy: null };
}

export function failed(remedy: string, ...evidence: readonly string[]): Judgement {
  return { outcome: 'failed', evidence, remedy };
}

/** For what does no harm today. */
export function warned(remedy: string, ...evidence: readonly string[]): Judgement {
  return { outcome: 'warning', evidence, remedy };
}

export function skipped(...why: readonly string[]): Judgement {
  return { outcome: 'skipped', evidence: why, remedy: null };
}
