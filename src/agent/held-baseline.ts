/** The last accepted evidence of one target: at hand for the next look, and on disk whenever that makes a difference. */
import type { Clock } from '../base/clock.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';

export interface HeldBaseline {
  get(): Baseline | undefined;
  /** Takes accepted evidence; `changes` is what differs from the evidence before, undefined when there was none. */
  accept(evidence: Evidence, changes: Diagnosis['changes']): void;
  /** Brings to disk what is not there yet: before a report rests on it, and at the end. */
  settle(): void;
}

/**
 * Looks that came to the same differ in their times alone, and a commit waits for the disk. So no crash takes more away
 * than this of how recently we were accepted.
 */
const maxUnwrittenMs = 5 * 60_000;

/** `read` gives what was kept, asked for once; `write` keeps it durably and does not throw. */
export function holdBaseline(
  clock: Pick<Clock, 'monotonicMs'>,
  read: () => Baseline | undefined,
  write: (evidence: Evidence) => void,
): HeldBaseline {
  let held: { readonly baseline: Baseline | undefined } | undefined;
  let isWritten = true;
  let writtenMs: number | undefined;

  const get = (): Baseline | undefined => {
    held ??= { baseline: read() };
    return held.baseline;
  };
  const settle = (): void => {
    if (isWritten || !held?.baseline) return;
    write(held.baseline.evidence);
    isWritten = true;
    writtenMs = clock.monotonicMs();
  };
  return {
    get,
    settle,
    accept: (evidence, changes) => {
      held = { baseline: { evidence } };
      isWritten = false;
      const isRecent = writtenMs !== undefined && clock.monotonicMs() - writtenMs < maxUnwrittenMs;
      if (!isRecent || changes === undefined || changes.length > 0) settle();
    },
  };
}
