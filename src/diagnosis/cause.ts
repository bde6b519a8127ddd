/** What a root cause is: a conclusion about evidence, with the side that must act and the next step. */
import type { Evidence, Outcome } from '../evidence/evidence.ts';
import type { Baseline } from './baseline.ts';

/** Who must act. */
export type Side = 'delegate' | 'network' | 'proxy' | 'gateway';

/**
 * `certain`: the evidence excludes the neighbours. `likely`: it speaks for this cause and a neighbour remains.
 * `possible`: it is consistent with this cause among others.
 */
export const confidences = ['certain', 'likely', 'possible'] as const;
export type Confidence = (typeof confidences)[number];

/** One file in causes/ for each value of this type. */
export interface Cause {
  /** Stable lower-kebab-case: a public name in reports, documentation and SIEM rules. */
  readonly code: string;
  /** One short sentence that a person can read aloud. */
  readonly title: string;
  readonly side: Side;
  /** Two to five plain sentences for `sidelight explain`: what happens, how it is told from its neighbours, what to do. */
  readonly documentation: string;
  /** Codes of the causes that this one explains away when both fit: it names their reason. */
  readonly outranks?: readonly string[];
  /** Pure: the same situation gives the same finding, today and from a stored report. */
  explain(situation: Situation): Finding | undefined;
}

export interface Situation {
  readonly evidence: Evidence;
  readonly outcome: Outcome;
  /** The last accepted evidence of the same target, if there is one. */
  readonly baseline?: Baseline;
}

export interface Finding {
  readonly confidence: Confidence;
  /** The facts that the conclusion rests on, each a short sentence with its numbers. */
  readonly evidence: readonly string[];
  /** The next step, in one imperative sentence. */
  readonly remedy: string;
}
