/** Numbers that are missing between the reports of one delegate, told once there was time for them to arrive. */
import type { DelegateRecord } from '../fleet/records.ts';
import type { Emit, IncidentState } from './state.ts';

/** A number may come late, or twice; the first of a delegate says nothing of what was before. */
export function countSequence(
  state: IncidentState,
  delegate: DelegateRecord,
  sequence: number,
): void {
  const highest = delegate.sequence;
  delegate.sequence = Math.max(highest ?? sequence, sequence);
  if (highest === undefined || sequence === highest + 1) return;
  if (sequence > highest) widen(state, delegate, highest, sequence);
  else fill(state, delegate, sequence);
}

function widen(
  state: IncidentState,
  delegate: DelegateRecord,
  highest: number,
  sequence: number,
): void {
  const dueMs = state.nowMs + state.settings.gapMs;
  const { gap } = delegate;
  const missing = sequence - highest - 1;
  delegate.gap = {
    first: gap?.first ?? highest + 1,
    last: sequence - 1,
    missing: (gap?.missing ?? 0) + missing,
    dueMs: gap?.dueMs ?? dueMs,
  };
  state.withGap.add(delegate);
}

/** Duplicates never come here: the store drops them. */
function fill({ withGap }: IncidentState, delegate: DelegateRecord, sequence: number): void {
  const { gap } = delegate;
  if (!gap || sequence < gap.first || sequence > gap.last) return;
  gap.missing -= 1;
  if (gap.missing > 0) return;
  delete delegate.gap;
  withGap.delete(delegate);
}

export function tellGaps({ withGap, nowMs }: IncidentState, emit: Emit): void {
  for (const delegate of withGap) {
    const { gap, seen } = delegate;
    if (gap && gap.dueMs > nowMs) continue;
    withGap.delete(delegate);
    delete delegate.gap;
    if (!gap) continue;
    const { first, last, missing } = gap;
    emit({ kind: 'gap', atMs: nowMs, delegate: seen, first, last, missing });
  }
}
