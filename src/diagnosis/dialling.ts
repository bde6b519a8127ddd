/** How the dials of a tcp step failed, address by address. */
import type { Evidence, Step } from '../evidence/evidence.ts';
import type { Confidence } from './cause.ts';
import { experimentInWords, experimentsWith } from './experiments.ts';
import { failedTowardsTarget } from './reading.ts';

export interface FailedDials {
  readonly confidence: Confidence;
  /** Every failed dial as one sentence. */
  readonly inWords: string;
}

/**
 * The failed dials towards the target (not a proxy), when the step failed with one of `codes`. Certain when every
 * address failed alike, likely when some failed otherwise.
 */
export function failedDials(evidence: Evidence, codes: readonly string[]): FailedDials | undefined {
  const step = failedTowardsTarget(evidence, 'tcp');
  if (!step) return undefined;
  const each = dialCodes(step);
  const fitting = each.filter((code) => codes.includes(code));
  if (fitting.length === 0) return undefined;
  const isLast = codes.includes(step.error?.code ?? '');
  const confidence = fitting.length === each.length ? 'certain' : isLast ? 'likely' : 'possible';
  return { confidence, inWords: dialsInWords(step, evidence) };
}

function dialCodes({ failedAddresses, error }: Step): readonly string[] {
  if (failedAddresses?.length) return failedAddresses.map(({ code }) => code);
  return error ? [error.code] : [];
}

export function dialsInWords(step: Step, { target }: Evidence): string {
  const port = step.port ?? target.port;
  if (!step.failedAddresses?.length) {
    return `Dialling ${step.host ?? target.host} port ${port} failed (${step.error?.code ?? 'unknown'}).`;
  }
  const dials = step.failedAddresses.map(({ address, code }) => `${address} (${code})`);
  return `Dialling port ${port} failed at ${dials.join(', ')}.`;
}

/** What the sibling port of the same host did: 443 for 8443, and the reverse. */
export function siblingInWords(evidence: Evidence): readonly string[] {
  const siblings = experimentsWith(evidence, 'sibling-port');
  return siblings.flatMap((each) => [
    experimentInWords(each),
    ...(each.layer === 'tcp' || each.layer === 'dns' ? [] : ['So the host is there.']),
  ]);
}
