/** Every delegate that home knows and how it stands with every target, in memory and bounded. */
import type { DelegateSeen, SenderSeen } from '../incidents/sighting.ts';
import { newTally } from '../incidents/tally.ts';
import type {
  Cell,
  Crowd,
  DelegateRecord,
  Fault,
  Headcount,
  SenderRecord,
  Watch,
} from './records.ts';
import type { Delegate, FleetGlance, TargetGlance } from './standing.ts';

export class Fleet {
  readonly #delegates = new Map<string, DelegateRecord>();
  /** The same; whoever was not heard longest first. */
  readonly #byHeard = new Map<string, DelegateRecord>();
  readonly #senders = new Map<string, SenderRecord>();
  readonly #watches = new Map<string, Watch>();
  readonly #maxCells: number;
  #cells = 0;

  /** No more pairs of delegate and target than `maxCells` are ever kept. */
  constructor(maxCells: number) {
    this.#maxCells = maxCells;
  }

  delegate(source: string): Delegate | undefined {
    return this.#delegates.get(source);
  }

  /** In the order in which they were first heard. */
  delegates(): Iterable<Delegate> {
    return this.#delegates.values();
  }

  glance(): FleetGlance {
    const targets = [...this.#watches.values()]
      .filter(({ target }) => target !== silenceTarget)
      .map(glanceAt)
      .toSorted((one, other) => other.known - one.known);
    const silence = this.#watches.get(silenceTarget);
    const silent = silence ? silence.known - silence.accepted : 0;
    return { delegates: this.#delegates.size, silent, targets };
  }

  /** For those who keep it. */
  records(): Iterable<DelegateRecord> {
    return this.#delegates.values();
  }

  watches(): Iterable<Watch> {
    return this.#watches.values();
  }

  record(source: string): DelegateRecord | undefined {
    return this.#delegates.get(source);
  }

  /** No room for another cell and its delegate's part in silence. */
  get isFull(): boolean {
    return this.#cells + 1 >= this.#maxCells;
  }

  /** Of the sender's, or of all. */
  longestUnheard(sender?: SenderRecord): DelegateRecord | undefined {
    const [first] = (sender?.delegates ?? this.#byHeard).values();
    return first;
  }

  /** What is said of it now counts from now on. */
  sender(seen: SenderSeen): SenderRecord {
    const known = this.#senders.get(seen.identity);
    if (!known) {
      const record: SenderRecord = { seen, delegates: new Map(), cells: 0 };
      this.#senders.set(seen.identity, record);
      return record;
    }
    if (known.seen.isMany === seen.isMany) known.seen = seen;
    else {
      recount([...known.delegates.values()], () => {
        known.seen = seen;
      });
    }
    return known;
  }

  addDelegate(
    seen: DelegateSeen,
    sender: SenderRecord | undefined,
    receivedMs: number,
    timeMs: number,
  ): DelegateRecord {
    const record: DelegateRecord = {
      seen,
      ...(sender && { sender }),
      firstSeenMs: receivedMs,
      heardMs: receivedMs,
      standings: new Map(),
      clock: { receivedMs, timeMs },
      silenceTold: false,
    };
    this.#delegates.set(seen.source, record);
    if (sender) this.#senders.set(sender.seen.identity, sender);
    this.heard(record, receivedMs);
    return record;
  }

  heard(delegate: DelegateRecord, receivedMs: number): void {
    const { source } = delegate.seen;
    delegate.heardMs = Math.max(receivedMs, delegate.heardMs);
    for (const inOrder of [this.#byHeard, delegate.sender?.delegates]) {
      inOrder?.delete(source);
      inOrder?.set(source, delegate);
    }
  }

  /** A new cell, which counts as accepted until more is said. Undefined when the fleet is full. */
  addCell(delegate: DelegateRecord, target: string, nowMs: number): Cell | undefined {
    if (this.#cells >= this.#maxCells) return undefined;
    this.#cells += 1;
    if (delegate.sender) delegate.sender.cells += 1;
    const cell: Cell = {
      delegate,
      watch: this.watch(target, nowMs),
      target,
      outcome: 'accepted',
      sinceMs: nowMs,
      heardMs: nowMs,
      arrival: 0,
      timeMs: 0,
      stale: false,
      onsetMs: 0,
      left: false,
    };
    cell.watch.accepted += 1;
    countKnown(cell, 1);
    if (target === silenceTarget) delegate.silence = cell;
    else delegate.standings.set(target, cell);
    return cell;
  }

  /** The cell must be in no crowd. */
  removeCell(cell: Cell): void {
    const { delegate, watch, target } = cell;
    this.#cells -= 1;
    if (delegate.sender) delegate.sender.cells -= 1;
    releaseFault(cell);
    setStale(cell, true);
    watch.stale -= 1;
    delegate.standings.delete(target);
    if (watch.known + watch.stale === 0) this.#watches.delete(target);
  }

  removeDelegate({ seen: { source }, sender }: DelegateRecord): void {
    this.#delegates.delete(source);
    this.#byHeard.delete(source);
    sender?.delegates.delete(source);
    if (sender?.delegates.size === 0) this.#senders.delete(sender.seen.identity);
  }

  /** The watch over a target, made when there is none. */
  watch(target: string, nowMs: number): Watch {
    const known = this.#watches.get(target);
    if (known) return known;
    const watch: Watch = {
      target,
      firstSeenMs: nowMs,
      ...nobody(),
      byAccount: new Map(),
      crowds: new Map(),
      faults: new Map(),
      accepted: 0,
      stale: 0,
    };
    this.#watches.set(target, watch);
    return watch;
  }
}

/** The target of silence, which is about no target. */
export const silenceTarget = '*';

function glanceAt(watch: Watch): TargetGlance {
  const { target, known, accepted, stale } = watch;
  return { target, known, accepted, failing: known - accepted, silent: stale };
}

/** A stale cell is one that nobody counts on, in no number but that of the stale. */
export function setStale(cell: Cell, isStale: boolean): void {
  if (cell.stale === isStale) return;
  cell.stale = isStale;
  cell.watch.stale += isStale ? 1 : -1;
  countKnown(cell, isStale ? -1 : 1);
  if (cell.outcome === 'accepted') cell.watch.accepted += isStale ? -1 : 1;
}

/** Sets the outcome and keeps count of those that are accepted. */
export function setOutcome(cell: Cell, outcome: Cell['outcome']): void {
  const { watch, stale } = cell;
  if (!stale && cell.outcome === 'accepted') watch.accepted -= 1;
  cell.outcome = outcome;
  if (!stale && outcome === 'accepted') watch.accepted += 1;
}

export function accountOf({ delegate }: Cell): string {
  return delegate.seen.account ?? '';
}

/** What decides under which account or sender a cell is counted may only change while it is not counted. */
export function recount(delegates: readonly DelegateRecord[], change: () => void): void {
  const cells = delegates.flatMap(cellsOf).filter(({ stale }) => !stale);
  for (const cell of cells) setStale(cell, true);
  change();
  for (const cell of cells) setStale(cell, false);
}

/** Its part in silence among them. */
export function cellsOf({ standings, silence }: DelegateRecord): readonly Cell[] {
  return [...standings.values(), ...(silence ? [silence] : [])];
}

function nobody(): Headcount {
  return { known: 0, voices: 0, senders: new Map() };
}

function countKnown(cell: Cell, by: 1 | -1): void {
  const { watch, delegate } = cell;
  const account = accountOf(cell);
  const ofAccount = watch.byAccount.get(account) ?? nobody();
  watch.byAccount.set(account, ofAccount);
  countIn(watch, delegate.sender, by);
  countIn(ofAccount, delegate.sender, by);
  if (ofAccount.known === 0) watch.byAccount.delete(account);
}

function countIn(headcount: Headcount, sender: SenderRecord | undefined, by: 1 | -1): void {
  headcount.known += by;
  if (!sender) {
    headcount.voices += by;
    return;
  }
  const { senders } = headcount;
  const there = (senders.get(sender) ?? 0) + by;
  const isFirstOrLast = there === 0 || (there === 1 && by === 1);
  if (sender.seen.isMany || isFirstOrLast) headcount.voices += by;
  if (there > 0) senders.set(sender, there);
  else senders.delete(sender);
}

/** Many cells say the same: the first one's words are kept for all. */
export function setFault(cell: Cell, fault: Omit<Fault, 'cells'>): void {
  const { faults } = cell.watch;
  const name = `${fault.key} ${fault.confidence ?? ''}`;
  const shared = faults.get(name) ?? { ...fault, cells: 0 };
  shared.cells += 1;
  releaseFault(cell);
  faults.set(name, shared);
  cell.fault = shared;
}

export function releaseFault(cell: Cell): void {
  const { fault, watch } = cell;
  if (!fault) return;
  delete cell.fault;
  fault.cells -= 1;
  if (fault.cells === 0) watch.faults.delete(`${fault.key} ${fault.confidence ?? ''}`);
}

export function crowdOf(watch: Watch, kind: Crowd['kind'], key: string): Crowd {
  const known = watch.crowds.get(key);
  if (known) return known;
  const crowd: Crowd = {
    kind,
    key,
    watch,
    cells: 0,
    free: new Set(),
    tally: newTally(),
    byAccount: new Map(),
    accountIncidents: new Map(),
    closed: new Map(),
    accountsSince: new Map(),
    isHeldBack: false,
  };
  watch.crowds.set(key, crowd);
  return crowd;
}
