/** Diagnoses a look and, where it failed, makes the experiments that it calls for and diagnoses again with them. */
import type { Baseline } from '../diagnosis/baseline.ts';
import { type Diagnosis, diagnose } from '../diagnosis/diagnose.ts';
import type { Evidence, ExperimentSeen } from '../evidence/evidence.ts';

export interface Examined {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
}

/** `experiment` is asked only after a failure; what it gives joins the evidence. */
export async function examine(
  evidence: Evidence,
  baseline: Baseline | undefined,
  experiment: (first: Examined) => Promise<readonly ExperimentSeen[]>,
): Promise<Examined> {
  const first = { evidence, diagnosis: diagnose(evidence, baseline) };
  if (first.diagnosis.outcome === 'accepted') return first;
  return withExperiments(first, await experiment(first), baseline);
}

/** The same look, with what experiments add to it. */
export function withExperiments(
  first: Examined,
  experiments: readonly ExperimentSeen[],
  baseline: Baseline | undefined,
): Examined {
  if (experiments.length === 0) return first;
  const evidence = { ...first.evidence, experiments };
  return { evidence, diagnosis: diagnose(evidence, baseline) };
}
