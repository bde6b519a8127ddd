/** Who is in a crowd: joins, leaves, and how many of them began to fail together. */
import { accountOf } from '../fleet/fleet.ts';
import type { Cell, Crowd, OpenIncident } from '../fleet/records.ts';
import { addMember, removeMember } from './members.ts';
import type { IncidentSettings } from './settings.ts';
import { addToTally, newTally } from './tally.ts';

/** Puts a cell that is in no crowd where it belongs: into the open incident that it is part of, or among the free. */
export function join(cell: Cell, crowd: Crowd, onsetMs: number, settings: IncidentSettings): void {
  cell.crowd = crowd;
  crowd.cells += 1;
  cell.onsetMs = onsetMs;
  const incident = incidentFor(cell, crowd, windowOf(crowd, settings));
  if (incident) addMember(incident, cell);
  else addFree(cell, crowd);
}

/** Why a cell leaves; `moved`: to say something else about the same trouble, or another. */
export type LeaveBecause = 'recovered' | 'silent' | 'moved';

export function leave(cell: Cell, because: LeaveBecause): void {
  const { crowd, incident } = cell;
  if (!crowd) return;
  if (incident) {
    removeMember(incident, cell);
    if (because === 'recovered') incident.recovered += 1;
    if (because === 'silent') incident.fellSilent += 1;
  } else {
    removeFree(cell, crowd);
  }
  delete cell.crowd;
  crowd.cells -= 1;
  cell.left = false;
}

/** Free members become members of the incident. */
export function take(incident: OpenIncident, cells: readonly Cell[]): void {
  for (const cell of cells) {
    removeFree(cell, incident.crowd);
    addMember(incident, cell);
  }
}

/** The incident has ended: what still fails is everybody's own trouble, and opens nothing again. */
export function release(incident: OpenIncident): void {
  for (const cell of [...incident.members]) {
    removeMember(incident, cell);
    cell.left = true;
  }
}

export function windowOf({ kind }: Crowd, settings: IncidentSettings): number {
  return kind === 'silence' ? settings.silenceWindowMs : settings.windowMs;
}

function incidentFor(cell: Cell, crowd: Crowd, windowMs: number): OpenIncident | undefined {
  const { incident, accountIncidents } = crowd;
  return [accountIncidents.get(accountOf(cell)), incident].find(
    (each) => each !== undefined && cell.onsetMs >= each.fromMs - windowMs,
  );
}

function addFree(cell: Cell, crowd: Crowd): void {
  crowd.free.add(cell);
  const account = accountOf(cell);
  const ofAccount = crowd.byAccount.get(account) ?? newTally();
  crowd.byAccount.set(account, ofAccount);
  addToTally(crowd.tally, cell.onsetMs, 1);
  addToTally(ofAccount, cell.onsetMs, 1);
}

function removeFree(cell: Cell, crowd: Crowd): void {
  if (!crowd.free.delete(cell)) return;
  const account = accountOf(cell);
  const ofAccount = crowd.byAccount.get(account);
  addToTally(crowd.tally, cell.onsetMs, -1);
  if (!ofAccount) return;
  addToTally(ofAccount, cell.onsetMs, -1);
  if (ofAccount.count === 0) crowd.byAccount.delete(account);
}
