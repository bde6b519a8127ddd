/** The members of an open incident, and what is counted of them. */
import { accountOf } from '../fleet/fleet.ts';
import type { Cell, Headcount, OpenIncident } from '../fleet/records.ts';

const maxSample = 16;

/** The cell must have a fault. */
export function addMember(incident: OpenIncident, cell: Cell): void {
  incident.members.add(cell);
  cell.incident = incident;
  cell.incidentId = incident.id;
  if (cell.fault) count(incident.faults, cell.fault, 1);
  count(incident.accounts, accountOf(cell), 1);
  count(incident.senders, cell.delegate.sender, 1);
  notePeak(incident);
  noteTimes(incident, cell);
  const { seen } = cell.delegate;
  const isNew = !incident.sample.some(({ source }) => source === seen.source);
  if (isNew && incident.sample.length < maxSample) incident.sample = [...incident.sample, seen];
}

export function removeMember(incident: OpenIncident, cell: Cell): void {
  if (!incident.members.delete(cell)) return;
  delete cell.incident;
  delete cell.incidentId;
  if (cell.fault) count(incident.faults, cell.fault, -1);
  count(incident.accounts, accountOf(cell), -1);
  count(incident.senders, cell.delegate.sender, -1);
}

/** The fleet may go while the incident is open, or may still be coming when it opens. */
export function notePeak(incident: OpenIncident): void {
  const { members, peak, peakKnown } = incident;
  if (members.size < peak) return;
  incident.peak = members.size;
  incident.peakKnown = Math.max(knownOf(incident), members.size > peak ? 0 : peakKnown);
}

/** Delegates that watch the target, of the account where that is the scope. */
export function knownOf(incident: OpenIncident): number {
  return headcountOf(incident)?.known ?? 0;
}

/** Undefined where nobody of the account watches the target any more. */
export function headcountOf({ crowd, scope }: OpenIncident): Headcount | undefined {
  return scope.kind === 'target' ? crowd.watch : crowd.watch.byAccount.get(scope.account);
}

/** Who of the members began first; and when any was accepted before that. */
function noteTimes(incident: OpenIncident, { onsetMs, acceptedMs }: Cell): void {
  incident.firstMs = Math.min(incident.firstMs, onsetMs);
  if (acceptedMs === undefined || acceptedMs > incident.firstMs) return;
  incident.lastGoodMs = Math.max(incident.lastGoodMs ?? acceptedMs, acceptedMs);
}

function count<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const there = (counts.get(key) ?? 0) + by;
  if (there > 0) counts.set(key, there);
  else counts.delete(key);
}
