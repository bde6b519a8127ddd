/** Who has not been heard for longer than its own rhythm allows; its silence is told, alone or with the others'. */
import {
  crowdOf,
  releaseFault,
  setFault,
  setOutcome,
  setStale,
  silenceTarget,
} from '../fleet/fleet.ts';
import type { Cell, DelegateRecord } from '../fleet/records.ts';
import { join, leave } from './crowd.ts';
import type { Signature } from './incident.ts';
import { signatureKey } from './incident.ts';
import { silenceKind } from './kinds.ts';
import type { Sighting } from './sighting.ts';
import type { Emit, IncidentState } from './state.ts';

const silentSignature: Signature = { target: silenceTarget, cause: 'delegates-silent' };
const silentFault = {
  key: signatureKey(silentSignature),
  signature: silentSignature,
  title: 'Delegates no longer report',
  changes: [],
};

/** One that was never heard before. */
export function meet({ newcomers }: IncidentState, delegate: DelegateRecord): void {
  const name = nameOf(delegate);
  if (name === undefined) return;
  const those = newcomers.get(name) ?? new Set();
  newcomers.set(name, those.add(delegate));
  const [oldest] = those;
  if (oldest && those.size > maxNewcomers) those.delete(oldest);
}

/** Of one name: a whole deployment may share it. */
const maxNewcomers = 1_000;

/** What it said proves that it lives, whenever it was written. To be called before the cell learns of the sighting. */
export function hear(state: IncidentState, cell: Cell, sighting: Sighting, emit: Emit): void {
  const { delegate } = cell;
  const { receivedMs, event } = sighting;
  if (event === 'heartbeat') learnRhythm(cell, sighting);
  if (event && !delegate.silence) state.fleet.addCell(delegate, silenceTarget, receivedMs);
  state.fleet.heard(delegate, receivedMs);
  setStale(cell, false);
  endSilence(state, delegate, emit);
}

/** Only heartbeats tell it: what changes comes at any time. What waited on its way comes too close together. */
function learnRhythm(cell: Cell, { receivedMs, timeMs }: Sighting): void {
  const gapMs = Math.min(receivedMs - cell.heardMs, timeMs - cell.timeMs);
  if (gapMs < closestMs) return;
  const before = cell.delegate.rhythmMs ?? gapMs;
  const weight = gapMs > before ? 0.5 : 0.2;
  cell.delegate.rhythmMs = Math.min(before + weight * (gapMs - before), longestMs);
}

const closestMs = 50;
const longestMs = 8 * 3_600_000;

function endSilence(state: IncidentState, delegate: DelegateRecord, emit: Emit): void {
  const { silence, silentSinceMs, silenceTold, seen } = delegate;
  if (silentSinceMs === undefined || !silence) return;
  leave(silence, 'recovered');
  setOutcome(silence, 'accepted');
  releaseFault(silence);
  delete delegate.silentSinceMs;
  delegate.silenceTold = false;
  state.untold.delete(delegate);
  if (!silenceTold) return;
  const silentMs = delegate.heardMs - silentSinceMs;
  emit({ kind: 'delegate-back', atMs: state.nowMs, delegate: seen, silentMs });
}

/** Looks through all delegates. Gives whether anybody has fallen silent. */
export function findSilent(state: IncidentState): void {
  const { fleet, nowMs, listeningSinceMs, settings } = state;
  for (const delegate of fleet.records()) {
    const limitMs = limitOf(delegate, state);
    const missedMs = nowMs - Math.max(delegate.heardMs, listeningSinceMs);
    if (missedMs > settings.forgetMs) forget(state, delegate);
    else if (delegate.silentSinceMs !== undefined) continue;
    else if (missedMs > limitMs) missOne(state, delegate);
    else if (delegate.standings.size > 1) dropTargets(state, delegate, limitMs);
  }
}

function limitOf({ silence, rhythmMs }: DelegateRecord, { settings }: IncidentState): number {
  if (!silence) return settings.forgetMs;
  if (rhythmMs === undefined) return settings.silentUnlearntMs;
  return Math.max(settings.silentBeats * rhythmMs, settings.silentLeastMs);
}

function missOne(state: IncidentState, delegate: DelegateRecord): void {
  const { silence } = delegate;
  if (!silence) return;
  if (isReplaced(state, delegate)) {
    forget(state, delegate);
    return;
  }
  delegate.silentSinceMs = delegate.heardMs;
  delegate.tellSilenceAtMs = state.nowMs + state.settings.singleAfterMs;
  for (const cell of delegate.standings.values()) retire(state, cell);
  setOutcome(silence, 'failed');
  setFault(silence, silentFault);
  silence.sinceMs = delegate.heardMs;
  silence.acceptedMs = delegate.heardMs;
  join(
    silence,
    crowdOf(silence.watch, silenceKind.kind, silenceKind.key),
    delegate.heardMs,
    state.settings,
  );
  state.untold.add(delegate);
}

/** A target that it no longer watches: nobody counts on its word any more. */
function dropTargets(state: IncidentState, delegate: DelegateRecord, limitMs: number): void {
  for (const cell of delegate.standings.values()) {
    const missedMs = state.nowMs - Math.max(cell.heardMs, state.listeningSinceMs);
    if (missedMs > limitMs) retire(state, cell);
    if (missedMs > state.settings.forgetMs) state.fleet.removeCell(cell);
  }
}

function retire({ unsettled }: IncidentState, cell: Cell): void {
  leave(cell, 'silent');
  unsettled.delete(cell);
  delete cell.waiting;
  setStale(cell, true);
}

/** As if it had never been heard. */
export function forget(state: IncidentState, delegate: DelegateRecord): void {
  const { fleet, untold, withGap, newcomers } = state;
  const { standings, silence } = delegate;
  for (const cell of [...standings.values(), ...(silence ? [silence] : [])]) {
    retire(state, cell);
    fleet.removeCell(cell);
  }
  untold.delete(delegate);
  withGap.delete(delegate);
  removeNewcomer(newcomers, delegate);
  fleet.removeDelegate(delegate);
}

/** A restart that keeps no state makes a new agent of the same name: the old one is not missed. */
function isReplaced({ newcomers }: IncidentState, delegate: DelegateRecord): boolean {
  const those = newcomers.get(nameOf(delegate) ?? '') ?? [];
  for (const newcomer of those) {
    const isSuccessor = newcomer.firstSeenMs >= delegate.heardMs - overlapMs;
    if (newcomer === delegate || !isSuccessor) continue;
    removeNewcomer(newcomers, newcomer);
    return true;
  }
  return false;
}

/** A rolling update starts the new one before it stops the old one. */
const overlapMs = 120_000;

function removeNewcomer(
  newcomers: Map<string, Set<DelegateRecord>>,
  delegate: DelegateRecord,
): void {
  const name = nameOf(delegate) ?? '';
  const those = newcomers.get(name);
  those?.delete(delegate);
  if (those?.size === 0) newcomers.delete(name);
}

function nameOf({ seen: { account, name } }: DelegateRecord): string | undefined {
  return name === undefined ? undefined : JSON.stringify([account ?? '', name]);
}

/** Those whose silence has not become part of an incident in time. */
export function tellSilences({ untold, nowMs }: IncidentState, emit: Emit): void {
  for (const delegate of untold) {
    const { silence, tellSilenceAtMs = 0, seen, heardMs, rhythmMs = 0 } = delegate;
    if (silence?.incident) {
      untold.delete(delegate);
    } else if (nowMs >= tellSilenceAtMs) {
      untold.delete(delegate);
      delegate.silenceTold = true;
      emit({ kind: 'delegate-silent', atMs: nowMs, delegate: seen, lastSeenMs: heardMs, rhythmMs });
    }
  }
}
