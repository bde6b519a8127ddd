/** What time brings: late words that begin to count, incidents of accounts, updates, and ends. */
import { accountOf, crowdOf } from '../fleet/fleet.ts';
import type { Crowd, OpenIncident, Watch } from '../fleet/records.ts';
import { join, release, windowOf } from './crowd.ts';
import type { IncidentEvent, TimelineWhat } from './incident.ts';
import { headcountOf, notePeak } from './members.ts';
import {
  accountsApart,
  cellsWithin,
  note,
  numberForAccount,
  numberForTarget,
  open,
  windowForTarget,
} from './opening.ts';
import { leadOf, remember, snapshot } from './snapshot.ts';
import { type Emit, type IncidentState, notice } from './state.ts';
import { countWithin, densestOfAll } from './tally.ts';
import { countOf, membersCount } from './voices.ts';

/** Opens an incident of the whole target when enough of its crowd began to fail around this time. */
export function openWhenMany(
  state: IncidentState,
  crowd: Crowd,
  aroundMs: number,
  emit: Emit,
): void {
  if (crowd.incident) return;
  const window = windowForTarget(crowd, aroundMs, state.nowMs, state.settings);
  if (window === 'few-senders') holdBack(state, crowd);
  if (!window || window === 'few-senders') return;
  const { incident, merged } = open(
    crowd,
    { kind: 'target' },
    window.fromMs,
    state.nowMs,
    state.settings,
  );
  state.open.add(incident);
  for (const one of merged) {
    state.open.delete(one);
    emit({ kind: 'closed', atMs: state.nowMs, incident: snapshot(one) });
  }
  emit({ kind: 'opened', atMs: state.nowMs, incident: snapshot(incident) });
}

/** Told once of a crowd: who runs home may know that a sender speaks for many. */
function holdBack(state: IncidentState, crowd: Crowd): void {
  if (crowd.isHeldBack) return;
  crowd.isHeldBack = true;
  const senders = new Set([...crowd.free].map(({ delegate }) => delegate.sender?.seen.identity));
  const names = [...senders].filter((name) => name !== undefined).slice(0, 3);
  notice(state, { kind: 'held-back', target: crowd.watch.target, senders: names });
}

/** What came late and was not overtaken by anything newer counts now. */
export function settle(state: IncidentState, emit: Emit): void {
  for (const cell of state.unsettled) {
    const { waiting } = cell;
    if (waiting && waiting.untilMs > state.nowMs) continue;
    state.unsettled.delete(cell);
    delete cell.waiting;
    if (!waiting) continue;
    const crowd = crowdOf(cell.watch, waiting.kind, waiting.key);
    join(cell, crowd, waiting.onsetMs, state.settings);
    openWhenMany(state, crowd, waiting.onsetMs, emit);
  }
}

/** Every crowd: whether it has become an incident since, of everybody or of one account; and what can be forgotten. */
export function reviewCrowds(state: IncidentState, emit: Emit): void {
  for (const watch of state.fleet.watches()) {
    for (const crowd of watch.crowds.values()) {
      if (crowd.tally.count > 1) reviewCrowd(state, crowd, emit);
      forgetBygone(state, watch, crowd);
    }
  }
}

function forgetBygone({ nowMs, settings }: IncidentState, watch: Watch, crowd: Crowd): void {
  const { cells, incident, accountIncidents, closed } = crowd;
  for (const [name, { closedMs = 0 }] of closed) {
    if (nowMs - closedMs > settings.reopenMs) closed.delete(name);
  }
  const isOpen = incident !== undefined || accountIncidents.size > 0;
  if (cells === 0 && !isOpen && closed.size === 0) watch.crowds.delete(crowd.key);
}

function reviewCrowd(state: IncidentState, crowd: Crowd, emit: Emit): void {
  const { settings, nowMs } = state;
  const window = densestOfAll(crowd.tally, windowOf(crowd, settings));
  openWhenMany(state, crowd, window.fromMs, emit);
  const apart = new Set(accountsReady(state, crowd));
  for (const account of crowd.accountsSince.keys()) {
    if (!apart.has(account)) crowd.accountsSince.delete(account);
  }
  for (const account of apart) {
    const sinceMs = crowd.accountsSince.get(account) ?? nowMs;
    crowd.accountsSince.set(account, sinceMs);
    if (nowMs - sinceMs >= settings.accountAfterMs) openForAccount(state, crowd, account, emit);
  }
}

/** Accounts of which enough fail now, within one window. */
function accountsReady({ settings, nowMs }: IncidentState, crowd: Crowd): readonly string[] {
  const windowMs = windowOf(crowd, settings);
  return [...crowd.byAccount].flatMap(([account, tally]) => {
    if (tally.count < settings.number || crowd.accountIncidents.has(account)) return [];
    const own = densestOfAll(tally, windowMs);
    const all = { fromMs: own.fromMs, count: countWithin(crowd.tally, own.fromMs, windowMs) };
    const isApart = accountsApart(crowd, all, settings).some((each) => each.account === account);
    const number = Math.min(
      numberForAccount(crowd, account, settings),
      numberForTarget(crowd, nowMs, settings),
    );
    if (!isApart || own.count < number) return [];
    const ofAccount = crowd.watch.byAccount.get(account);
    const cells = ofAccount
      ? cellsWithin(crowd, own.fromMs, windowMs).filter((cell) => accountOf(cell) === account)
      : [];
    return ofAccount && countOf(cells, ofAccount, settings) >= number ? [account] : [];
  });
}

function openForAccount(state: IncidentState, crowd: Crowd, account: string, emit: Emit): void {
  const { settings, nowMs } = state;
  const tally = crowd.byAccount.get(account);
  if (!tally) return;
  const { fromMs } = densestOfAll(tally, windowOf(crowd, settings));
  const { incident } = open(crowd, { kind: 'account', account }, fromMs, nowMs, settings);
  crowd.accountsSince.delete(account);
  state.open.add(incident);
  emit({ kind: 'opened', atMs: nowMs, incident: snapshot(incident) });
}

/** Every open incident: whether it is over, or there is news of it. */
export function reviewIncidents(state: IncidentState, emit: Emit): void {
  for (const incident of state.open) {
    const event = reviewIncident(state, incident);
    if (event) emit(event);
  }
}

function reviewIncident(state: IncidentState, incident: OpenIncident): IncidentEvent | undefined {
  const { nowMs, settings } = state;
  if (!isQuiet(state, incident)) {
    delete incident.quietSinceMs;
    remember(incident);
    notePeak(incident);
    return newsOf(state, incident);
  }
  incident.quietSinceMs ??= nowMs;
  return nowMs - incident.quietSinceMs >= settings.recoveryMs
    ? close(state, incident)
    : newsOf(state, incident);
}

/** Less than half of what would open it: what opens and closes an incident are never the same number. */
function isQuiet({ nowMs, settings }: IncidentState, incident: OpenIncident): boolean {
  const { crowd, scope } = incident;
  const number =
    scope.kind === 'target'
      ? numberForTarget(crowd, nowMs, settings)
      : numberForAccount(crowd, scope.account, settings);
  return membersCount(incident, headcountOf(incident), settings) < number / 2;
}

function close(state: IncidentState, incident: OpenIncident): IncidentEvent {
  const { nowMs } = state;
  const { crowd, scope, recovered, fellSilent } = incident;
  state.open.delete(incident);
  if (scope.kind === 'target') delete crowd.incident;
  else crowd.accountIncidents.delete(scope.account);
  crowd.closed.set(scope.kind === 'target' ? '' : scope.account, incident);
  incident.closedMs = nowMs;
  incident.closedBecause = recovered >= fellSilent ? 'recovered' : 'fell-silent';
  note(incident, 'closed', nowMs, 0);
  const closed = snapshot(incident);
  release(incident);
  return { kind: 'closed', atMs: nowMs, incident: closed };
}

function newsOf({ nowMs, settings }: IncidentState, incident: OpenIncident) {
  const { told } = incident;
  if (nowMs - told.atMs < settings.updateLeastMs) return undefined;
  const what = whatIsNew(incident, nowMs);
  if (!what) return undefined;
  const longest = Math.max(maxPatienceMs, settings.updateMs);
  const patienceMs = what === 'still' ? Math.min(2 * told.patienceMs, longest) : settings.updateMs;
  note(incident, what, nowMs, patienceMs);
  const event: IncidentEvent = {
    kind: 'updated',
    atMs: nowMs,
    incident: snapshot(incident),
    what,
  };
  return event;
}

const maxPatienceMs = 3_600_000;
/** Growth is urgent. Recovery is not, and two causes that are said about equally often do not take turns. */
const calmMs = 30_000;

function whatIsNew(incident: OpenIncident, nowMs: number): TimelineWhat | undefined {
  const { told, members } = incident;
  const agoMs = nowMs - told.atMs;
  if (agoMs >= calmMs && members.size > 0 && leadOf(incident) !== told.lead) return 'cause';
  if (members.size >= 2 * told.affected && members.size > told.affected) return 'grew';
  const isHalf = members.size <= told.affected / 2 && members.size < told.affected;
  if (isHalf && agoMs >= calmMs) return 'shrank';
  return agoMs >= told.patienceMs ? 'still' : undefined;
}
