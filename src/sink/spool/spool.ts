/** Where reports wait until every receiver has them: durable, numbered, in order, bounded, with every loss counted. */
import type { Clock } from '../../base/clock.ts';
import { isoTime } from '../../base/clock.ts';
import { type Report, withSequence } from '../../report/report.ts';
import { isStorageFault, transaction } from '../../state/open-database.ts';
import type { OpenState } from '../../state/open-state.ts';
import { keepSequence } from '../../state/sequence.ts';
import { HeldReports } from './held-reports.ts';
import type { SpoolLimits } from './limits.ts';
import { memoryMaxBytes, spoolDefaults } from './limits.ts';
import { type LossCounts, Losses, type LossReason, noLosses } from './losses.ts';
import { type Rows, rowsIn } from './rows.ts';
import { readingText, spoolClock } from './spool-clock.ts';
import type { BatchLimits, Cursor, ReceiverStats, SpooledReport } from './spooled-report.ts';
import { spooledReport, takeBatch } from './spooled-report.ts';

export type { SpooledReport } from './spooled-report.ts';

export interface SpoolOptions {
  readonly state: Pick<OpenState, 'db' | 'durable' | 'exclusive' | 'mark' | 'recover'>;
  readonly clock: Clock;
  readonly limits?: Partial<SpoolLimits>;
  /** Their names: every report waits for each of them. */
  readonly receivers?: readonly string[];
}

/** `held`: the disk does not take it now; in memory until it does. `too-large`: dropped and counted. */
export type AddOutcome = 'kept' | 'held' | 'too-large';

export interface Added {
  readonly outcome: AddOutcome;
  /** With its number. */
  readonly report: Report;
}

export interface SpoolStats {
  /** Reports that somebody still waits for. */
  readonly waiting: number;
  /** Counted once for each receiver that will never get it. */
  readonly lost: LossCounts;
  readonly receivers: readonly ReceiverStats[];
}

const clockFact = 'spool-clock';
const lostToldFact = 'lost-told';
const successFact = (receiver: string): string => `last-success ${receiver}`;

export class Spool {
  readonly #options: SpoolOptions;
  readonly #limits: SpoolLimits;
  readonly #receivers: readonly string[];
  /** Of the receivers, those that will take reports in this life. */
  readonly #expecting: Set<string>;
  readonly #now: () => number;
  readonly #held: HeldReports;
  /** Losses that happened since the last transaction. */
  readonly #unwritten = new Losses();
  /** Reports in the database that a receiver is done with, which the database was not told yet. */
  readonly #settled = new Map<string, Set<string>>();
  /** As of the last transaction: what is counted as lost with a database that proves damaged. */
  readonly #known = new Map<string, ReceiverStats>();
  #facts: ReadonlyMap<string, string> = new Map();
  #rows: Rows;
  /** The highest number that was given, and the highest that is written down. */
  #highest: number;
  #written: number;
  #isMarked = false;
  #lostTold = 0;

  constructor(options: SpoolOptions) {
    const { state, clock, limits, receivers = ['home'] } = options;
    const wanted = { ...spoolDefaults, ...limits };
    const maxBytes = state.durable ? wanted.maxBytes : Math.min(wanted.maxBytes, memoryMaxBytes);
    this.#options = options;
    this.#limits = { ...wanted, maxBytes };
    this.#receivers = receivers;
    this.#expecting = new Set(receivers);
    this.#held = new HeldReports(Math.min(memoryMaxBytes, maxBytes));
    this.#rows = this.#prepare();
    this.#now = spoolClock(
      clock,
      this.#try(() => this.#rows.fact(clockFact)),
    );
    this.#written = this.#try(() => this.#rows.lastSequence()) ?? 0;
    this.#highest = this.#written;
    this.#readMark();
    this.#remember();
  }

  /** On disk when this returns 'kept', where the state is durable. Adding an id again changes nothing. */
  add(report: Report): Added {
    try {
      return this.#write((rows) => this.#insert(rows, report));
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      return this.#hold(report);
    }
  }

  cursor(receiver: string): Cursor {
    return {
      nextBatch: (limits) => this.#nextBatch(receiver, limits),
      acknowledge: (ids) => this.#acknowledge(receiver, ids),
      setAside: (ids, reason) => this.#setAside(receiver, ids, reason),
      lose: (reason, reports) => {
        this.#unwritten.add(receiver, reason, reports);
        this.writeHeld();
      },
      stats: () => this.#statsOf(receiver),
    };
  }

  /** It will take no report in this life: none waits for it any more, and what does goes first where room is needed. */
  retire(receiver: string): void {
    this.#expecting.delete(receiver);
  }

  /** Writes what could not be written before; whether nothing is left to write. */
  writeHeld(): boolean {
    if (!this.#isOwing()) return true;
    return this.#try(() => this.#write(() => true)) ?? false;
  }

  /** Losses since `lossesTold`, in whatever life of the agent. */
  newlyLost(): number {
    const told = Number(this.#try(() => this.#rows.fact(lostToldFact)) ?? 0);
    return Math.max(0, this.#lostInAll() - Math.max(told, this.#lostTold));
  }

  lossesTold(): void {
    if (this.newlyLost() === 0) return;
    this.#lostTold = this.#lostInAll();
    this.#try(() => this.#write((rows) => rows.keepFact(lostToldFact, `${this.#lostTold}`)));
  }

  stats(): SpoolStats {
    const receivers = this.#receivers.map((receiver) => this.#statsOf(receiver));
    const lost = receivers.reduce((sum, each) => addLosses(sum, each.lost), noLosses);
    const [first] = receivers;
    const all = this.#try(() => Number(this.#rows.statements.total.get()?.['reports'])) ?? 0;
    const waiting = all + this.#held.reports.length;
    return { waiting: receivers.length === 1 && first ? first.waiting : waiting, lost, receivers };
  }

  #lostInAll(): number {
    const all = this.#receivers.map((receiver) => sumOf(this.#lossesOf(receiver)));
    return all.reduce((sum, lost) => sum + lost, 0);
  }

  #lossesOf(receiver: string): LossCounts {
    const stored = this.#try(() => this.#rows.lossesOf(receiver));
    const known = stored ?? this.#known.get(receiver)?.lost ?? noLosses;
    return addLosses(known, this.#unwritten.of(receiver));
  }

  #prepare(): Rows {
    const { state } = this.#options;
    const current = (): readonly string[] | undefined =>
      state.exclusive ? [...this.#expecting] : undefined;
    return rowsIn(state.db, this.#limits, current);
  }

  /** One transaction, which also writes down what could not be written before. Throws what the database throws. */
  #write<T>(work: (rows: Rows) => T): T {
    const { state } = this.#options;
    try {
      return this.#writeOnce(work);
    } catch (error) {
      if (!state.recover(error)) throw error;
      return this.#writeOnce(work);
    }
  }

  #writeOnce<T>(work: (rows: Rows) => T): T {
    this.#adopt();
    const rows = this.#rows;
    const result = transaction(rows.db, () => {
      this.#writeOwed(rows);
      return work(rows);
    });
    this.#held.clear();
    this.#settled.clear();
    this.#unwritten.clear();
    this.#highest = rows.lastSequence();
    this.#written = this.#highest;
    this.#mark();
    this.#remember();
    return result;
  }

  #isOwing(): boolean {
    const isAhead = this.#highest > this.#written;
    return (
      isAhead || this.#settled.size + this.#held.reports.length > 0 || !this.#unwritten.isEmpty
    );
  }

  #writeOwed(rows: Rows): void {
    for (const [receiver, ids] of this.#settled) {
      for (const id of ids) rows.remove(receiver, id);
    }
    for (const [receiver, reason, reports] of this.#unwritten.entries()) {
      rows.lose(receiver, reason, reports);
    }
    for (const { report, addedMs, expecting } of this.#held.reports) {
      rows.insert(report, addedMs, expecting);
    }
    if (this.#highest > this.#written) keepSequence(rows.db, this.#highest);
  }

  /** Another database, and an empty one: what is known of the last one goes on, and what waited there is lost. */
  #adopt(): void {
    const { state } = this.#options;
    if (this.#rows.db === state.db) return;
    const rows = this.#prepare();
    transaction(rows.db, () => {
      for (const [name, value] of this.#facts) rows.keepFact(name, value);
      keepSequence(rows.db, this.#highest);
      for (const [receiver, { waiting, lost }] of this.#known) {
        for (const [reason, reports] of Object.entries(
          addLosses(lost, { ...noLosses, storage: waiting }),
        )) {
          if (reports > 0) rows.lose(receiver, reason as LossReason, reports);
        }
      }
    });
    this.#settled.clear();
    this.#rows = rows;
  }

  #insert(rows: Rows, report: Report): Added {
    const { clock } = this.#options;
    const now = this.#now();
    rows.dropOld(now - this.#limits.maxAgeMs);
    const numbered = withSequence(report, report.sequence ?? rows.lastSequence() + 1);
    const spooled = asSpooled(numbered);
    const { id, time, sizeBytes } = spooled;
    if (sizeBytes > this.#limits.maxReportBytes) {
      keepSequence(rows.db, spooled.sequence);
      for (const receiver of this.#expecting) {
        rows.lose(receiver, 'size', 1);
        rows.reject({
          receiver,
          id,
          time,
          rejectedMs: now,
          reason: 'too-large',
          sizeBytes,
          body: null,
        });
      }
      return { outcome: 'too-large', report: numbered };
    }
    rows.insert(spooled, now, this.#expecting);
    rows.keepFact(clockFact, readingText(clock, now));
    return { outcome: 'kept', report: numbered };
  }

  #hold(report: Report): Added {
    const numbered = withSequence(report, report.sequence ?? this.#nextHeld());
    const spooled = asSpooled(numbered);
    this.#highest = Math.max(this.#highest, spooled.sequence);
    const isTooLarge = spooled.sizeBytes > this.#limits.maxReportBytes;
    if (isTooLarge) {
      for (const receiver of this.#expecting) this.#unwritten.add(receiver, 'size', 1);
    } else if (this.#expecting.size > 0) {
      const expecting = new Set(this.#expecting);
      const gone = this.#held.add({ report: spooled, addedMs: this.#now(), expecting });
      for (const held of gone) this.#loseHeld(held.expecting, 'size');
    }
    this.#mark();
    return { outcome: isTooLarge ? 'too-large' : 'held', report: numbered };
  }

  /** Reading may go on where writing does not, and a guest may have taken numbers meanwhile. */
  #nextHeld(): number {
    return Math.max(this.#highest, this.#try(() => this.#rows.lastSequence()) ?? 0) + 1;
  }

  #loseHeld(receivers: Iterable<string>, reason: LossReason): void {
    for (const receiver of receivers) this.#unwritten.add(receiver, reason, 1);
  }

  #nextBatch(receiver: string, limits: BatchLimits): readonly SpooledReport[] {
    this.#expire();
    const held = this.#held.for(receiver);
    const batch = this.#waiting(receiver, limits, held.length === 0);
    return batch.length > 0 ? batch : takeBatch(held, limits);
  }

  /** Throws where nothing else is left to say. */
  #waiting(receiver: string, limits: BatchLimits, isLast: boolean): readonly SpooledReport[] {
    const settled = this.#settled.get(receiver);
    const last = limits.through ?? Number.MAX_SAFE_INTEGER;
    const count = limits.maxCount + (settled?.size ?? 0);
    const read = (): readonly SpooledReport[] => {
      const rows = this.#rows.statements.waiting.iterate(receiver, last, count);
      return takeBatch(notIn(settled, rows), limits);
    };
    return isLast ? this.#read(read) : (this.#try(() => this.#read(read)) ?? []);
  }

  #expire(): void {
    const before = this.#now() - this.#limits.maxAgeMs;
    for (const { expecting } of this.#held.dropOld(before)) this.#loseHeld(expecting, 'age');
    this.#try(() => {
      if (this.#isOwing() || this.#rows.hasOld(before)) this.#write((rows) => rows.dropOld(before));
    });
  }

  #acknowledge(receiver: string, ids: readonly string[]): void {
    const time = isoTime(this.#options.clock.now());
    const inRows = ids.filter((id) => !this.#held.settle(receiver, id));
    try {
      this.#write((rows) => {
        for (const id of inRows) rows.remove(receiver, id);
        rows.keepFact(successFact(receiver), time);
      });
      // Gives pages that the spool no longer needs back to the disk, a megabyte at a time.
      this.#rows.db.exec('PRAGMA incremental_vacuum(256)');
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      const settled = this.#settled.get(receiver) ?? new Set();
      for (const id of inRows) settled.add(id);
      this.#settled.set(receiver, settled);
      this.#mark();
    }
  }

  #setAside(receiver: string, ids: readonly string[], reason: string): void {
    const inRows = ids.filter((id) => {
      const isHeld = this.#held.settle(receiver, id);
      if (isHeld) this.#unwritten.add(receiver, 'rejected', 1);
      return !isHeld;
    });
    const rejectedMs = this.#now();
    this.#write((rows) => {
      for (const id of inRows) {
        const found = rows.find(receiver, id);
        if (!found) continue;
        rows.reject({ ...found, receiver, reason, rejectedMs });
        rows.lose(receiver, 'rejected', 1);
        rows.remove(receiver, id);
      }
    });
  }

  #statsOf(receiver: string): ReceiverStats {
    const stored = this.#try(() => this.#storedStats(receiver)) ?? this.#known.get(receiver);
    const held = this.#held.for(receiver);
    const waiting = (stored?.waiting ?? 0) - (this.#settled.get(receiver)?.size ?? 0);
    const oldestTime = waiting > 0 ? stored?.oldestTime : held[0]?.time;
    return {
      name: receiver,
      waiting: Math.max(waiting, 0) + held.length,
      waitingBytes: held.reduce((sum, { sizeBytes }) => sum + sizeBytes, stored?.waitingBytes ?? 0),
      ...(oldestTime !== undefined && { oldestTime }),
      lost: this.#lossesOf(receiver),
      ...(stored?.lastSuccessTime !== undefined && { lastSuccessTime: stored.lastSuccessTime }),
    };
  }

  #storedStats(receiver: string): ReceiverStats {
    const row = this.#rows.statements.stats.get(receiver);
    const lastSuccessTime = this.#rows.fact(successFact(receiver));
    return {
      name: receiver,
      waiting: Number(row?.['waiting']),
      waitingBytes: Number(row?.['bytes']),
      ...(typeof row?.['oldest'] === 'string' && { oldestTime: row['oldest'] }),
      lost: this.#rows.lossesOf(receiver),
      ...(lastSuccessTime !== undefined && { lastSuccessTime }),
    };
  }

  #remember(): void {
    this.#try(() => {
      for (const receiver of this.#receivers) {
        const waiting = Number(this.#rows.statements.count.get(receiver)?.['waiting']);
        const stats = { name: receiver, waiting, waitingBytes: 0 };
        this.#known.set(receiver, { ...stats, lost: this.#rows.lossesOf(receiver) });
      }
      const facts = this.#rows.statements.facts.all();
      this.#facts = new Map(facts.map(({ name, value }) => [String(name), String(value)]));
    });
  }

  /** What an agent before us held in memory when it was killed. */
  #readMark(): void {
    const { reports = 0, sequence = 0 } = this.#options.state.mark?.read() ?? {};
    this.#isMarked = reports > 0 || sequence > 0;
    this.#highest = Math.max(this.#highest, sequence);
    for (const receiver of this.#receivers) this.#unwritten.add(receiver, 'storage', reports);
  }

  #mark(): void {
    const { mark } = this.#options.state;
    const isNeeded = this.#isOwing();
    if (!mark || (!isNeeded && !this.#isMarked)) return;
    const reports = this.#held.reports.length + this.#unwritten.most;
    mark.write(isNeeded ? { reports, sequence: this.#highest } : { reports: 0, sequence: 0 });
    this.#isMarked = isNeeded;
  }

  #read<T>(work: () => T): T {
    try {
      this.#adopt();
      return work();
    } catch (error) {
      if (!this.#options.state.recover(error)) throw error;
      this.#adopt();
      return work();
    }
  }

  /** Undefined when the disk is to blame that nothing comes of it. */
  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      return undefined;
    }
  }
}

function* notIn(
  settled: ReadonlySet<string> | undefined,
  rows: Iterable<Record<string, unknown>>,
): Generator<SpooledReport> {
  for (const row of rows) {
    const report = spooledReport(row);
    if (!settled?.has(report.id)) yield report;
  }
}

function asSpooled(report: Report & { readonly sequence: number }): SpooledReport {
  const body = JSON.stringify(report);
  const { sequence, id, time } = report;
  return { sequence, id, time, sizeBytes: Buffer.byteLength(body), body };
}

const sumOf = ({ age, size, rejected, storage }: LossCounts): number =>
  age + size + rejected + storage;

function addLosses(one: LossCounts, other: LossCounts): LossCounts {
  return {
    age: one.age + other.age,
    size: one.size + other.size,
    rejected: one.rejected + other.rejected,
    storage: one.storage + other.storage,
  };
}
