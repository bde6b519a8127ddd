/** After a restart: what was open goes on, and how everybody stood is known again. */
import { crowdOf } from '../fleet/fleet.ts';
import type { Crowd, OpenIncident } from '../fleet/records.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import type { Sighting } from './sighting.ts';
import { findSilent } from './silence.ts';
import type { IncidentState } from './state.ts';
import { step } from './step.ts';

export interface Remembered {
  /** As last told: those that are open, and those closed a short while ago. */
  readonly incidents: readonly Incident[];
  /** The latest of each delegate and target, in the order of arrival. */
  readonly sightings: Iterable<Sighting>;
}

/**
 * Brings a fresh state to where the last one was. Gives only what is new: incidents that opened by what had arrived and
 * was not told yet.
 */
export function restore(
  state: IncidentState,
  { incidents, sightings }: Remembered,
  nowMs: number,
): readonly IncidentEvent[] {
  for (const incident of incidents) bringBack(state, incident);
  const opened: IncidentEvent[] = [];
  for (const sighting of sightings) {
    const events = step(state, { kind: 'sighting', sighting });
    opened.push(...events.filter(({ kind }) => kind === 'opened'));
  }
  forgetGaps(state);
  // They are new to this process alone, and stand in for nobody.
  state.newcomers.clear();
  missAgain(state);
  state.nowMs = nowMs;
  state.listeningSinceMs = nowMs;
  return opened;
}

function bringBack(state: IncidentState, incident: Incident): void {
  const { target, firstMs, scope } = incident;
  const watch = state.fleet.watch(target, firstMs);
  const crowd = crowdOf(watch, incident.kind, crowdKeyOf(incident));
  const name = scope.kind === 'account' ? scope.account : '';
  const record = recordOf(incident, crowd, state.settings.updateMs);
  if (incident.state === 'closed') {
    crowd.closed.set(name, record);
    return;
  }
  state.open.add(record);
  if (scope.kind === 'account') crowd.accountIncidents.set(name, record);
  else crowd.incident = record;
}

/** See `crowdKindOf`. */
function crowdKeyOf({ kind, signature }: Incident): string {
  return kind === 'delegates' ? `delegates ${signature.cause}` : kind;
}

function recordOf(incident: Incident, crowd: Crowd, patienceMs: number): OpenIncident {
  const { id, kind, scope, openedMs, firstMs, lastGoodMs, peak, sample, timeline } = incident;
  const { reopenings, related, closedMs, closedBecause, mergedInto, variants, changed } = incident;
  const { signature, side, confidence } = incident;
  const last = timeline.at(-1);
  return {
    id,
    kind,
    scope,
    crowd,
    members: new Set(),
    faults: new Map(),
    accounts: new Map(),
    senders: new Map(),
    openedMs,
    fromMs: firstMs,
    firstMs,
    ...(lastGoodMs !== undefined && { lastGoodMs }),
    peak,
    peakKnown: incident.peakKnown ?? incident.known,
    recovered: 0,
    fellSilent: 0,
    sample,
    timeline,
    reopenings,
    related,
    told: {
      atMs: last?.atMs ?? openedMs,
      affected: last?.affected ?? peak,
      lead: [signature.cause, side, confidence].join(' '),
      patienceMs,
    },
    ...(closedMs !== undefined && { closedMs }),
    ...(closedBecause && { closedBecause }),
    ...(mergedInto !== undefined && { mergedInto }),
    lastVariants: variants,
    lastChanged: changed,
    lastBroughtBy: incident.broughtBy ?? [],
  };
}

/** Only the latest of each was read again: numbers are missing between them. */
function forgetGaps({ withGap }: IncidentState): void {
  for (const delegate of withGap) delete delegate.gap;
  withGap.clear();
}

/** Who was silent when the last report arrived was told to be; nobody is for having been unheard while home was away. */
function missAgain(state: IncidentState): void {
  state.listeningSinceMs = 0;
  findSilent(state);
  for (const delegate of state.untold)
    delegate.silenceTold = delegate.silence?.incident === undefined;
  state.untold.clear();
}
