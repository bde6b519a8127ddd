/** Takes a sighting in: what it changes of the delegate's standing, and whether that opens an incident. */
import { cellsOf, crowdOf, recount, releaseFault, setFault, setOutcome } from '../fleet/fleet.ts';
import type { Cell, Crowd, DelegateRecord, SenderRecord } from '../fleet/records.ts';
import { join, leave } from './crowd.ts';
import { learnLateness } from './delegate-clock.ts';
import { countSequence } from './gaps.ts';
import { signatureKey } from './incident.ts';
import { crowdKindOf, signatureOf } from './kinds.ts';
import { addMember, removeMember } from './members.ts';
import type { DelegateSeen, Sighting } from './sighting.ts';
import { forget, hear, meet } from './silence.ts';
import { type Emit, type IncidentState, notice } from './state.ts';
import { openWhenMany } from './watch-over.ts';

const maxTargetsOfOne = 64;

export function takeIn(state: IncidentState, sighting: Sighting, emit: Emit): void {
  const delegate = findDelegate(state, sighting);
  if (sighting.sequence !== undefined) countSequence(state, delegate, sighting.sequence);
  const known = delegate.standings.get(sighting.target);
  if (known && isOld(known, sighting)) return;
  const cell = known ?? addCell(state, delegate, sighting);
  if (cell) learn(state, cell, sighting, known !== undefined, emit);
}

function findDelegate(state: IncidentState, sighting: Sighting): DelegateRecord {
  const { delegate: seen, receivedMs, timeMs } = sighting;
  const { fleet } = state;
  const sender = sighting.sender && fleet.sender(sighting.sender);
  const known = fleet.record(seen.source);
  if (known) {
    rename(known, seen);
    return known;
  }
  while (sender && sender.delegates.size >= sender.seen.places) makeRoom(state, sender);
  const delegate = fleet.addDelegate(seen, sender, receivedMs, timeMs);
  meet(state, delegate);
  return delegate;
}

/** Whoever was not heard longest goes, of the sender or of all; what it said is stored all the same. */
function makeRoom(state: IncidentState, sender: SenderRecord | undefined): void {
  const delegate = state.fleet.longestUnheard(sender);
  if (!delegate) return;
  forget(state, delegate);
  state.forgotten[sender ? 'sender' : 'fleet'] += 1;
  notice(
    state,
    sender ? { kind: 'sender-full', sender: sender.seen.identity } : { kind: 'fleet-full' },
  );
}

/** The account under which it is counted may only change while it is not counted. */
function rename(delegate: DelegateRecord, seen: DelegateSeen): void {
  const { name, account, host } = delegate.seen;
  if (account === seen.account) {
    if (name !== seen.name || host !== seen.host) delegate.seen = seen;
    return;
  }
  for (const cell of cellsOf(delegate)) leave(cell, 'moved');
  recount([delegate], () => {
    delegate.seen = seen;
  });
}

/** Pairs of delegate and target that a sender may have: one delegate may watch many targets, and not all of them do. */
function cellsFor({ seen: { places } }: SenderRecord): number {
  return Math.max(2 * maxTargetsOfOne, cellsPerPlace * places);
}

const cellsPerPlace = 16;

function addCell(
  state: IncidentState,
  delegate: DelegateRecord,
  { target, receivedMs, timeMs }: Sighting,
): Cell | undefined {
  const { fleet } = state;
  const { sender, standings } = delegate;
  if (standings.size >= maxTargetsOfOne) return undefined;
  fleet.heard(delegate, receivedMs);
  // The last of all is this one.
  while (sender && sender.cells >= cellsFor(sender) && fleet.longestUnheard(sender) !== delegate) {
    makeRoom(state, sender);
  }
  while (fleet.isFull && fleet.longestUnheard() !== delegate) makeRoom(state, undefined);
  const cell = fleet.addCell(delegate, target, receivedMs);
  if (cell) cell.timeMs = timeMs;
  return cell;
}

/** Reports may overtake each other by less than this; a clock that is set back goes further. */
const overtakingMs = 3_600_000;

/** Whether something newer of the same delegate and target is known. Numbers may begin anew, and so may clocks. */
function isOld(cell: Cell, { sequence, timeMs }: Sighting): boolean {
  if (sequence !== undefined && cell.sequence !== undefined) {
    return sequence <= cell.sequence && timeMs <= cell.timeMs;
  }
  return timeMs < cell.timeMs && cell.timeMs - timeMs < overtakingMs;
}

function learn(
  state: IncidentState,
  cell: Cell,
  sighting: Sighting,
  isKnown: boolean,
  emit: Emit,
): void {
  const { receivedMs, timeMs, arrival, sequence, outcome } = sighting;
  const { clock } = cell.delegate;
  const { lateMs, isLate } = learnLateness(clock, receivedMs, timeMs, state.settings.lateMs);
  hear(state, cell, sighting, emit);
  const seenMs = receivedMs - lateMs;
  const heardBeforeMs = isKnown ? cell.heardMs : undefined;
  cell.heardMs = receivedMs;
  cell.timeMs = timeMs;
  cell.arrival = arrival;
  if (sequence !== undefined) cell.sequence = sequence;
  delete cell.waiting;
  state.unsettled.delete(cell);
  if (outcome === 'accepted') accept(cell, seenMs);
  else fail(state, cell, { sighting, seenMs, isLate, heardBeforeMs }, emit);
}

function accept(cell: Cell, seenMs: number): void {
  leave(cell, 'recovered');
  if (cell.outcome !== 'accepted') cell.sinceMs = seenMs;
  setOutcome(cell, 'accepted');
  releaseFault(cell);
  delete cell.layer;
  cell.acceptedMs = Math.max(cell.acceptedMs ?? seenMs, seenMs);
}

interface Failure {
  readonly sighting: Sighting;
  /** When it was seen, by home's clock. */
  readonly seenMs: number;
  readonly isLate: boolean;
  /** When the delegate last spoke of this target; undefined when it never did. */
  readonly heardBeforeMs: number | undefined;
}

function fail(state: IncidentState, cell: Cell, failure: Failure, emit: Emit): void {
  const { sighting, seenMs, isLate } = failure;
  const { outcome, layer, acceptedAgoMs } = sighting;
  const crowd = crowdFor(cell, sighting);
  const isSame = cell.crowd === crowd;
  const onsetMs = isSame ? cell.onsetMs : onsetOf(cell, failure);
  if (cell.outcome === 'accepted') cell.sinceMs = onsetMs;
  if (acceptedAgoMs !== undefined) {
    cell.acceptedMs = Math.max(cell.acceptedMs ?? 0, seenMs - acceptedAgoMs);
  }
  if (!isSame) leave(cell, 'moved');
  setOutcome(cell, outcome);
  if (layer) cell.layer = layer;
  else delete cell.layer;
  sayFault(cell, sighting);
  if (isSame) return;
  if (isLate) {
    const { kind, key } = crowd;
    cell.waiting = { kind, key, onsetMs, untilMs: state.nowMs + state.settings.settleMs };
    state.unsettled.add(cell);
    return;
  }
  join(cell, crowd, onsetMs, state.settings);
  openWhenMany(state, crowd, onsetMs, emit);
}

/** Of the agent's own times only how long it has failed, which needs no true clock; and no longer than we know better. */
function onsetOf(cell: Cell, { sighting, seenMs, heardBeforeMs }: Failure): number {
  if (cell.crowd) return seenMs;
  const saidMs = seenMs - (sighting.failingForMs ?? 0);
  const wasAccepted = heardBeforeMs !== undefined && cell.outcome === 'accepted';
  return wasAccepted ? Math.min(Math.max(saidMs, heardBeforeMs), seenMs) : saidMs;
}

const maxCrowds = 256;

function crowdFor({ watch }: Cell, sighting: Sighting): Crowd {
  const { kind, key } = crowdKindOf(sighting);
  const isFull = watch.crowds.size >= maxCrowds && !watch.crowds.has(key);
  return crowdOf(watch, kind, isFull ? `${kind} others` : key);
}

const maxFaults = 512;

/** Where strangers say too many different things, only the cause is told apart, and then nothing. */
function sayFault(cell: Cell, sighting: Sighting): void {
  const { cause, changes, target } = sighting;
  const { incident, watch } = cell;
  const isFull = watch.faults.size >= maxFaults;
  const signature = isFull
    ? { target, cause: watch.faults.size >= 2 * maxFaults ? 'others' : (cause?.code ?? 'unknown') }
    : signatureOf(sighting);
  if (incident) removeMember(incident, cell);
  setFault(cell, {
    key: signatureKey(signature),
    signature,
    title: cause?.title ?? 'No cause was named',
    ...(cause && { side: cause.side, confidence: cause.confidence }),
    changes,
  });
  if (incident) addMember(incident, cell);
}
