/** The reducer: reports and time in, incident events out. No clock, no randomness, nothing but its state. */
import { tellGaps } from './gaps.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import type { Sighting } from './sighting.ts';
import { findSilent, tellSilences } from './silence.ts';
import { snapshot } from './snapshot.ts';
import type { Emit, IncidentState } from './state.ts';
import { takeIn } from './take-in.ts';
import { reviewCrowds, reviewIncidents, settle } from './watch-over.ts';

export type IncidentInput =
  | { readonly kind: 'sighting'; readonly sighting: Sighting }
  /** To be given about once a second. */
  | { readonly kind: 'tick'; readonly nowMs: number };

/** Changes the state in place. The same inputs give the same events. */
export function step(state: IncidentState, input: IncidentInput): readonly IncidentEvent[] {
  const events: IncidentEvent[] = [];
  const emit: Emit = (event) => events.push(event);
  if (input.kind === 'sighting') {
    advance(state, input.sighting.receivedMs);
    takeIn(state, input.sighting, emit);
  } else {
    advance(state, input.nowMs);
    tick(state, emit);
  }
  return events;
}

/** Those that are open now, the oldest first. */
export function openIncidents(state: IncidentState): readonly Incident[] {
  return [...state.open].map(snapshot);
}

/** How often everybody is looked through. */
const scanMs = 5_000;
/** After a longer pause of home itself nobody is silent yet. */
const pauseMs = 60_000;

function tick(state: IncidentState, emit: Emit): void {
  settle(state, emit);
  tellGaps(state, emit);
  if (state.nowMs >= state.nextScanMs) {
    state.nextScanMs = state.nowMs + scanMs;
    findSilent(state);
    reviewCrowds(state, emit);
  }
  tellSilences(state, emit);
  reviewIncidents(state, emit);
}

/** Home's clock may step back: by little, time stands still; by much, it begins anew. */
function advance(state: IncidentState, nowMs: number): void {
  const { nowMs: before } = state;
  if (nowMs > before + pauseMs) state.listeningSinceMs = nowMs;
  if (nowMs < before && before - nowMs < pauseMs) return;
  if (nowMs < before) {
    state.nextScanMs = nowMs;
    state.listeningSinceMs = nowMs;
  }
  state.nowMs = nowMs;
}
