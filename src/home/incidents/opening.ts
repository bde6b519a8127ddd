/** When a crowd has become an incident, whose it is, and what an incident is at its beginning. */
import { isoTime } from '../../base/clock.ts';
import { accountOf } from '../fleet/fleet.ts';
import type { Cell, Crowd, Headcount, OpenIncident } from '../fleet/records.ts';
import { release, take, windowOf } from './crowd.ts';
import type { Scope } from './incident.ts';
import { addMember, knownOf } from './members.ts';
import type { IncidentSettings } from './settings.ts';
import { leadOf, remember } from './snapshot.ts';
import { countWithin, densestWindow, type Window } from './tally.ts';
import { countOf, isByVoices, isEachAVoice, sizeOf } from './voices.ts';

/** How many of the target's delegates it takes. */
export function numberForTarget(crowd: Crowd, nowMs: number, settings: IncidentSettings): number {
  const { watch, kind } = crowd;
  const { share, number } = demandOf(kind, settings);
  const size = sizeOf(watch, settings);
  const isYoung = nowMs - watch.firstSeenMs < settings.youngMs;
  const least = isYoung ? number : Math.min(number, Math.max(size, 2));
  return Math.max(least, Math.ceil(share * size));
}

function demandOf(kind: Crowd['kind'], settings: IncidentSettings) {
  switch (kind) {
    case 'gateway':
    case 'delegates':
      return { share: settings.share, number: settings.number };
    case 'way':
      return { share: settings.wayShare, number: settings.wayNumber };
    case 'silence':
      return { share: settings.silenceShare, number: settings.number };
  }
}

/** How many of an account's delegates it takes. */
export function numberForAccount(
  { watch }: Crowd,
  account: string,
  settings: IncidentSettings,
): number {
  const { number, accountShare } = settings;
  return Math.max(number, Math.ceil(accountShare * sizeOf(watch.byAccount.get(account), settings)));
}

/**
 * The window around this time in which enough began to fail for an incident of the whole target. `few-senders`: enough
 * did, and too few brought them.
 */
export function windowForTarget(
  crowd: Crowd,
  aroundMs: number,
  nowMs: number,
  settings: IncidentSettings,
): Window | 'few-senders' | undefined {
  const number = numberForTarget(crowd, nowMs, settings);
  if (crowd.tally.count < number) return undefined;
  const window = densestWindow(crowd.tally, aroundMs, windowOf(crowd, settings));
  if (window.count < number) return undefined;
  const census = censusOf(crowd, window, settings);
  if (census.all < number) return 'few-senders';
  const own = accountsApart(crowd, window, settings).map(({ account }) => account);
  return own.length >= manyAccounts || census.without(new Set(own)) >= number ? window : undefined;
}

/** Of those who began to fail within a window, as many as count. */
interface Census {
  readonly all: number;
  readonly of: (account: string) => number;
  readonly without: (accounts: ReadonlySet<string>) => number;
}

function censusOf(crowd: Crowd, { fromMs, count }: Window, settings: IncidentSettings): Census {
  const { watch, byAccount } = crowd;
  const windowMs = windowOf(crowd, settings);
  if (!isEachAVoice(watch, settings)) {
    const cells = cellsWithin(crowd, fromMs, windowMs);
    const grouped = Map.groupBy(cells, accountOf);
    return {
      all: countOf(cells, watch, settings),
      of: (account) => countOf(grouped.get(account) ?? [], watch, settings),
      without: (accounts) =>
        countOf(
          cells.filter((cell) => !accounts.has(accountOf(cell))),
          watch,
          settings,
        ),
    };
  }
  const of = (account: string): number => {
    const tally = byAccount.get(account);
    return tally ? countWithin(tally, fromMs, windowMs) : 0;
  };
  const without = (accounts: ReadonlySet<string>): number =>
    [...accounts].reduce((left, account) => left - of(account), count);
  return { all: count, of, without };
}

/** The free ones that began to fail then. */
export function cellsWithin({ free }: Crowd, fromMs: number, windowMs: number): readonly Cell[] {
  return [...free].filter(({ onsetMs }) => onsetMs >= fromMs && onsetMs < fromMs + windowMs);
}

/** So many accounts do not lose their own ways at one time. */
const manyAccounts = 3;
/** From this share of a crowd on, it is one account's, unless the account is most of the fleet anyway. */
const crowdShare = 0.8;
const mostOfFleet = 0.6;
/** So many times as many of the account as its part of the fleet would bring. */
const overweight = 4;
/** An account that is nearly everybody is no part of the fleet, but the fleet. */
const wholeFleet = 0.9;

interface AccountApart {
  readonly account: string;
  readonly count: number;
}

/** The accounts whose share in the crowd is so large that the trouble may be theirs and not everybody's. */
export function accountsApart(
  crowd: Crowd,
  window: Window,
  settings: IncidentSettings,
): readonly AccountApart[] {
  const { watch, byAccount } = crowd;
  const census = censusOf(crowd, window, settings);
  const sizeIn = (headcount: Headcount | undefined): number =>
    (isByVoices(watch, settings) ? headcount?.voices : headcount?.known) ?? 0;
  const known = sizeIn(watch);
  return [...byAccount].flatMap(([account, tally]) => {
    const ofAccount = sizeIn(watch.byAccount.get(account));
    if (account === '' || tally.count < settings.number || ofAccount > wholeFleet * known)
      return [];
    const count = census.of(account);
    if (count < settings.number) return [];
    const isDown = count >= numberForAccount(crowd, account, settings);
    const isAlone = count >= crowdShare * census.all && ofAccount <= mostOfFleet * known;
    const isOverweight = count * known >= overweight * census.all * ofAccount;
    return isDown || isAlone || isOverweight ? [{ account, count }] : [];
  });
}

/** Opens it, or goes on with one of the same scope that was closed a short while ago. */
export function open(
  crowd: Crowd,
  scope: Scope,
  fromMs: number,
  nowMs: number,
  settings: IncidentSettings,
): { readonly incident: OpenIncident; readonly merged: readonly OpenIncident[] } {
  const name = scope.kind === 'account' ? scope.account : '';
  const before = crowd.closed.get(name);
  const windowMs = windowOf(crowd, settings);
  const cells = [...crowd.free].filter(
    (cell) => cell.onsetMs >= fromMs - windowMs && (name === '' || accountOf(cell) === name),
  );
  const incident = before
    ? reopen(before, fromMs, nowMs)
    : begin(crowd, scope, fromMs, nowMs, cells);
  crowd.closed.delete(name);
  if (scope.kind === 'account') crowd.accountIncidents.set(name, incident);
  else crowd.incident = incident;
  take(incident, cells);
  const merged = scope.kind === 'target' ? mergeAccounts(incident, nowMs) : [];
  remember(incident);
  note(incident, before ? 'reopened' : 'opened', nowMs, settings.updateMs);
  return { incident, merged };
}

function begin(
  crowd: Crowd,
  scope: Scope,
  fromMs: number,
  nowMs: number,
  cells: readonly Cell[],
): OpenIncident {
  return {
    id: idOf(crowd, scope, nowMs),
    kind: crowd.kind,
    scope,
    crowd,
    members: new Set(),
    faults: new Map(),
    accounts: new Map(),
    senders: new Map(),
    openedMs: nowMs,
    fromMs,
    firstMs: cells.reduce((first, { onsetMs }) => Math.min(first, onsetMs), nowMs),
    peak: 0,
    peakKnown: 0,
    recovered: 0,
    fellSilent: 0,
    sample: [],
    timeline: [],
    reopenings: 0,
    related: openBeside(crowd).slice(0, maxRelated),
    told: { atMs: nowMs, affected: 0, lead: '', patienceMs: 0 },
    lastVariants: [],
    lastChanged: [],
    lastBroughtBy: [],
  };
}

const maxRelated = 8;

/** Of the target's other troubles. */
function openBeside(crowd: Crowd): readonly string[] {
  const others = [...crowd.watch.crowds.values()].filter((each) => each !== crowd);
  return others.flatMap(({ incident, accountIncidents }) =>
    [...(incident ? [incident] : []), ...accountIncidents.values()].map(({ id }) => id),
  );
}

function reopen(before: OpenIncident, fromMs: number, nowMs: number): OpenIncident {
  const { closedMs: _, closedBecause: __, mergedInto: ___, quietSinceMs: ____, ...rest } = before;
  const told = { atMs: nowMs, affected: 0, lead: '', patienceMs: 0 };
  const reopenings = before.reopenings + 1;
  return { ...rest, fromMs, reopenings, recovered: 0, fellSilent: 0, told };
}

/** What accounts had of it becomes part of the wider one. */
function mergeAccounts(incident: OpenIncident, nowMs: number): readonly OpenIncident[] {
  const { crowd } = incident;
  const merged = [...crowd.accountIncidents.values()];
  crowd.accountIncidents.clear();
  for (const one of merged) {
    const cells = [...one.members];
    remember(one);
    note(one, 'closed', nowMs, 0);
    release(one);
    one.closedMs = nowMs;
    one.closedBecause = 'merged';
    one.mergedInto = incident.id;
    for (const cell of cells) {
      cell.left = false;
      addMember(incident, cell);
    }
  }
  return merged;
}

const maxTimeline = 64;

/** Adds an entry to the timeline, and remembers what was told. */
export function note(
  incident: OpenIncident,
  what: OpenIncident['timeline'][number]['what'],
  atMs: number,
  patienceMs: number,
): void {
  const { members, timeline } = incident;
  const known = knownOf(incident);
  const lead = leadOf(incident);
  const cause = lead.split(' ', 1)[0] ?? '';
  const entry = { atMs, what, affected: members.size, known, cause };
  const [first, ...later] = [...timeline, entry];
  incident.timeline = first ? [first, ...later.slice(1 - maxTimeline)] : [];
  incident.told = { atMs, affected: members.size, lead, patienceMs };
}

/** The same for the same beginning: a time that sorts, and a mark of target, kind and scope. */
function idOf({ watch, key }: Crowd, scope: Scope, atMs: number): string {
  const time = isoTime(atMs).replaceAll(/[-:.]/g, '');
  return `${time}-${markOf(JSON.stringify([watch.target, key, scope]))}`;
}

/** FNV-1a, 32 bits, as eight hex digits. */
function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
