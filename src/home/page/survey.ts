/** The fleet counted and sorted for the page: worked out once a second at most, however many look. */
import type { Clock } from '../../base/clock.ts';
import type { Delegate, Standing } from '../fleet/standing.ts';
import type { KeptIncidents } from '../incidents/keep-incidents.ts';
import type { DelegateSeen } from '../incidents/sighting.ts';
import { inShort, type State } from './in-words.ts';

/** One delegate as it stands in the survey. */
export interface Surveyed {
  readonly delegate: Delegate;
  /** Silent, or the worst of its outcomes. */
  readonly state: State;
  /** The worst of its standings, the oldest of these; absent when it has none. */
  readonly worst?: Standing;
}

export type Counts = Readonly<Record<State, number>>;

export interface Group {
  /** The target's label, or the account; empty where there is none. */
  readonly name: string;
  readonly total: number;
  readonly counts: Counts;
}

export interface Survey {
  readonly atMs: number;
  /** By account, then by name. */
  readonly delegates: readonly Surveyed[];
  readonly counts: Counts;
  /** Delegates that are not accepted or silent, and part of no incident. */
  readonly own: number;
  /** Standings by target, those with the most trouble first, then the largest. */
  readonly targets: readonly Group[];
  /** Delegates by account, in the same order. */
  readonly accounts: readonly Group[];
  /** Whether others are called the same. */
  readonly isNamesake: (seen: DelegateSeen) => boolean;
}

const staleMs = 900;
/** Who is called otherwise moves to its new place by then. */
const reorderMs = 30_000;

export interface Surveyor {
  /** Made anew when the last one is stale, or expired. */
  (): Survey;
  /** Whoever asks next sees what is so by then. */
  expire(): void;
}

export function surveyor(fleet: KeptIncidents['fleet'], clock: Clock): Surveyor {
  let order: readonly Delegate[] = [];
  let orderedMs = Number.NEGATIVE_INFINITY;
  let last: Survey | undefined;
  let madeMs = 0;
  /** Sorting is what takes longest: done anew when somebody is new. */
  const inOrder = (nowMs: number): readonly Delegate[] => {
    const known = order.filter((delegate) => fleet.delegate(delegate.seen.source) === delegate);
    const isSame = known.length === fleet.glance().delegates;
    if (isSame && nowMs - orderedMs < reorderMs) return known;
    order = sorted(fleet.delegates());
    orderedMs = nowMs;
    return order;
  };
  const current = (): Survey => {
    const nowMs = clock.monotonicMs();
    if (last && nowMs - madeMs < staleMs) return last;
    last = survey(inOrder(nowMs), clock.now());
    madeMs = nowMs;
    return last;
  };
  const expire = (): void => {
    last = undefined;
  };
  return Object.assign(current, { expire });
}

/** By account, then by name. */
function sorted(delegates: Iterable<Delegate>): readonly Delegate[] {
  return [...delegates]
    .map((delegate) => ({ delegate, key: keyOf(delegate.seen) }))
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
    .map(({ delegate }) => delegate);
}

/** In the order that is given. */
export function survey(fleet: Iterable<Delegate>, atMs: number): Survey {
  const delegates: Surveyed[] = [];
  const counts = noCounts();
  const targets = new Map<string, Tallied>();
  const accounts = new Map<string, Tallied>();
  let own = 0;
  for (const delegate of fleet) {
    const one = judge(delegate);
    delegates.push(one);
    counts[one.state] += 1;
    if (isOwn(one)) own += 1;
    add(accounts, delegate.seen.account ?? '', one.state);
    for (const standing of delegate.standings.values()) {
      add(targets, standing.target, stateAt(delegate, standing));
    }
  }
  return {
    ...{ atMs, delegates, counts, own, targets: groups(targets), accounts: groups(accounts) },
    isNamesake: namesakesAmong(delegates),
  };
}

/** How a delegate stands with one target. */
export function stateAt(delegate: Delegate, { outcome }: Standing): State {
  return delegate.silentSinceMs === undefined ? outcome : 'silent';
}

/** In trouble, and part of no open incident. */
export function isOwn({ delegate, state, worst }: Surveyed): boolean {
  if (state === 'accepted') return false;
  if (state === 'silent') return delegate.silence?.incidentId === undefined;
  return (
    [...delegate.standings.values()].some(
      ({ outcome, incidentId }) => outcome !== 'accepted' && incidentId === undefined,
    ) && worst !== undefined
  );
}

const severity = { accepted: 0, unconfirmed: 1, failed: 2, rejected: 3 } as const;

function judge(delegate: Delegate): Surveyed {
  let worst: Standing | undefined;
  for (const standing of delegate.standings.values()) {
    const more = worst ? severity[standing.outcome] - severity[worst.outcome] : 1;
    if (!worst || more > 0 || (more === 0 && standing.sinceMs < worst.sinceMs)) worst = standing;
  }
  const isSilent = delegate.silentSinceMs !== undefined;
  const state = isSilent ? 'silent' : (worst?.outcome ?? 'unconfirmed');
  return { delegate, state, ...(worst && { worst }) };
}

type Tallied = Record<State, number>;

function noCounts(): Tallied {
  return { accepted: 0, rejected: 0, failed: 0, unconfirmed: 0, silent: 0 };
}

function add(groups: Map<string, Tallied>, name: string, state: State): void {
  const counts = groups.get(name) ?? noCounts();
  counts[state] += 1;
  groups.set(name, counts);
}

function groups(tallied: ReadonlyMap<string, Tallied>): readonly Group[] {
  return [...tallied]
    .map(([name, counts]) => ({ name, counts, total: totalOf(counts) }))
    .toSorted(
      (one, other) =>
        troubleOf(other) - troubleOf(one) || other.total - one.total || order(one, other),
    );
}

function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function troubleOf({ total, counts }: Group): number {
  return total - counts.accepted;
}

function order({ name: one }: Group, { name: other }: Group): number {
  const [a, b] = [sortable(one), sortable(other)];
  return a < b ? -1 : Number(a > b);
}

/** By which `delegate-2` comes before `delegate-10`. */
function sortable(text: string): string {
  return text.replaceAll(/\d+/g, (digits) => digits.padStart(8, '0'));
}

function keyOf({ account = '', name = '', host = '', source }: DelegateSeen): string {
  return sortable([account, name, host, source].join('\u0000'));
}

/** Found out when it is first asked: not every view does. */
function namesakesAmong(delegates: readonly Surveyed[]): Survey['isNamesake'] {
  let repeated: Set<string> | undefined;
  const find = (): Set<string> => {
    const once = new Set<string>();
    const names = delegates.map(({ delegate }) => calledOf(delegate.seen));
    return new Set(names.filter((name) => once.size === once.add(name).size));
  };
  return (seen) => {
    repeated ??= find();
    return repeated.has(calledOf(seen));
  };
}

const shortName = 60;

/** Equal for all that look the same where names are cut. */
function calledOf(seen: DelegateSeen): string {
  const name = nameOf(seen);
  return name.length < shortName ? name : name.slice(0, shortName - 1);
}

/** Where there is no room for all of it. */
export function shortNameOf(seen: DelegateSeen): string {
  return inShort(nameOf(seen), shortName);
}

/** By what people call it: its name, its host, or its source. */
export function nameOf({ name, host, source }: DelegateSeen): string {
  return name ?? host ?? source;
}
