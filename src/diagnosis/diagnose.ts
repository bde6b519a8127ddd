/** From evidence to a diagnosis: the outcome, the cause that explains it, what else it could be, and what to mind. */
import type { Evidence, Layer, Outcome } from '../evidence/evidence.ts';
import type { Baseline, Change } from './baseline.ts';
import { catalogue } from './catalogue.ts';
import {
  type Cause,
  type Confidence,
  confidences,
  type Finding,
  type Side,
  type Situation,
} from './cause.ts';
import { changesSince } from './changes.ts';
import { type DelegateView, delegateView } from './delegate-view.ts';
import { concludeOutcome } from './outcome.ts';
import type { Warning } from './warning.ts';
import { findWarnings } from './warnings.ts';

export interface Diagnosis {
  readonly outcome: Outcome;
  /** Where it stopped; absent when accepted. */
  readonly layer?: Layer;
  /** Null when accepted, and when nothing in the catalogue fits. */
  readonly cause: CauseFound | null;
  /** Other causes that fit, best first; empty when the cause is certain. */
  readonly alternatives: readonly Alternative[];
  readonly warnings: readonly Warning[];
  /** What the Java delegate would see; absent where nothing speaks of one. */
  readonly delegateView?: DelegateView;
  /** What differs from the last accepted evidence; absent when there is none to compare with. */
  readonly changes?: readonly Change[];
  /** When the last accepted evidence was seen. */
  readonly lastAcceptedAt?: string;
}

export interface CauseFound {
  readonly code: string;
  readonly title: string;
  readonly side: Side;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

export interface Alternative {
  readonly code: string;
  readonly confidence: Confidence;
}

/** `causes`: what may explain it, the whole catalogue unless given; a test tries what is left without one of them. */
export function diagnose(
  evidence: Evidence,
  baseline?: Baseline,
  causes?: readonly Cause[],
): Diagnosis {
  const conclusion = concludeOutcome(evidence);
  const situation: Situation = {
    evidence,
    outcome: conclusion.outcome,
    ...(baseline && { baseline }),
  };
  const [chosen, ...others] =
    conclusion.outcome === 'accepted' ? [] : rankCauses(situation, causes ?? catalogue);
  const changes = baseline && changesSince(baseline, evidence);
  const view = delegateView(evidence);
  return {
    ...conclusion,
    cause: chosen ? causeFound(chosen) : null,
    alternatives: chosen?.finding.confidence === 'certain' ? [] : others.map(alternative),
    warnings: findWarnings(situation, chosen?.cause.code),
    ...(view && { delegateView: view }),
    ...(changes && { changes }),
    ...(baseline && { lastAcceptedAt: baseline.evidence.time }),
  };
}

interface Candidate {
  readonly cause: Cause;
  readonly finding: Finding;
}

/**
 * Every cause that fits: those that another one explains away last, then by confidence, then as the catalogue stands.
 * What is merely possible explains nothing away.
 */
function rankCauses(situation: Situation, causes: readonly Cause[]): readonly Candidate[] {
  const found = causes.flatMap((cause) => {
    const finding = cause.explain(situation);
    return finding ? [{ cause, finding }] : [];
  });
  const outranked = new Set(
    found.flatMap(({ cause, finding }) =>
      finding.confidence === 'possible' ? [] : (cause.outranks ?? []),
    ),
  );
  const weight = ({ cause, finding }: Candidate): number =>
    confidences.indexOf(finding.confidence) + (outranked.has(cause.code) ? confidences.length : 0);
  return found.toSorted((one, other) => weight(one) - weight(other));
}

function causeFound({ cause, finding }: Candidate): CauseFound {
  const { code, title, side } = cause;
  const { confidence, evidence, remedy } = finding;
  return { code, title, side, confidence, evidence, remedy };
}

function alternative({ cause, finding }: Candidate): Alternative {
  return { code: cause.code, confidence: finding.confidence };
}
