/** How one target stands: its last look, and since when looks have come to the same. */
import type { StatusCause, TargetStatus } from '../../report/status.ts';
import type { Examined } from '../examine.ts';

export interface TargetStanding {
  readonly last: Examined;
  /** When the first of the looks began that came to this outcome and cause one after the other. */
  readonly since: string;
}

export function nextStanding(before: TargetStanding | undefined, last: Examined): TargetStanding {
  const isSame = before && keyOf(before.last) === keyOf(last);
  return { last, since: isSame ? before.since : last.evidence.time };
}

function keyOf({ diagnosis: { outcome, cause } }: Examined): string {
  return `${outcome} ${cause?.code}`;
}

export function targetStatus(
  standing: TargetStanding | undefined,
  rhythm: Required<Pick<TargetStatus, 'attempts' | 'nextLookAt'>>,
): Omit<TargetStatus, 'label'> {
  if (!standing) return rhythm;
  const { evidence, diagnosis } = standing.last;
  const { outcome, layer } = diagnosis;
  const isAccepted = outcome === 'accepted';
  const lastAcceptedAt = isAccepted ? evidence.time : diagnosis.lastAcceptedAt;
  return {
    outcome,
    ...(layer && { layer }),
    ...(!isAccepted && { cause: causeOf(diagnosis) }),
    since: standing.since,
    lastLookAt: evidence.time,
    ...(lastAcceptedAt !== undefined && { lastAcceptedAt }),
    ...rhythm,
  };
}

function causeOf({ cause }: Examined['diagnosis']): StatusCause | null {
  if (!cause) return null;
  const { code, title, side, confidence, remedy } = cause;
  return { code, title, side, confidence, remedy };
}
