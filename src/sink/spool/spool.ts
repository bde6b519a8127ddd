/** Where reports wait until every receiver has them: durable, numbered, in order, bounded, with every loss counted. */
import type { Clock } from '../../base/clock.ts';
import { isoTime } from '../../base/clock.ts';
import { type Report, withSequence } from '../../report/report.ts';
import type { Known } from '../../state/known.ts';
import { isStorageFault } from '../../state/open-database.ts';
import { keepSequence } from '../../state/sequence.ts';
import { HeldReports } from './held-reports.ts';
import { Ledger, type SpoolState } from './ledger.ts';
import type { SpoolLimits } from './limits.ts';
import { memoryMaxBytes, spoolDefaults } from './limits.ts';
import {
  addLosses,
  type LossCounts,
  type LossReason,
  lossCounts,
  noLosses,
  sumOf,
} from './losses.ts';
import type { Rows } from './rows.ts';
import { readingText, spoolClock } from './spool-clock.ts';
import type { BatchLimits, Cursor, ReceiverStats, SpooledReport } from './spooled-report.ts';
import { spooledReport, takeBatch } from './spooled-report.ts';

export type { SpooledReport } from './spooled-report.ts';

export interface SpoolOptions {
  readonly state: SpoolState;
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

/** A directory whose homes were renamed without end has more. */
const maxNames = 100;
const clockFact = 'spool-clock';
const lostToldFact = 'lost-told';
const successFact = (receiver: string): string => `last-success ${receiver}`;

export class Spool {
  readonly #options: SpoolOptions;
  readonly #limits: SpoolLimits;
  readonly #receivers: readonly string[];
  /** Of the receivers, those that will take reports in this life. */
  readonly #expecting: Set<string>;
  /** Those that said that they will take none. */
  readonly #retired = new Set<string>();
  readonly #now: () => number;
  readonly #held: HeldReports;
  readonly #ledger: Ledger;
  #lostTold = 0;

  constructor(options: SpoolOptions) {
    const { state, clock, limits, receivers = ['home'] } = options;
    this.#options = options;
    this.#limits = { ...spoolDefaults, ...limits };
    const inMemory = Math.min(this.#limits.maxBytes, memoryMaxBytes);
    this.#receivers = receivers;
    this.#expecting = new Set(receivers);
    this.#held = new HeldReports(inMemory);
    this.#ledger = new Ledger({
      ...{ state, receivers },
      limits: () => (state.durable ? this.#limits : { ...this.#limits, maxBytes: inMemory }),
      held: this.#held,
      expecting: this.#expecting,
    });
    this.#now = spoolClock(
      clock,
      this.#ledger.attempt(() => this.#ledger.rows.fact(clockFact)),
    );
  }

  /** On disk when this returns 'kept', where the state is durable. Adding an id again changes nothing. */
  add(report: Report): Added {
    try {
      return this.#ledger.write((rows) => this.#insert(rows, report));
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
        this.#ledger.unwritten.add(receiver, reason, reports);
        this.writeHeld();
      },
      stats: () => this.#statsOf(receiver),
    };
  }

  /**
   * It will take no report in this life: what comes from now on is counted as refused, and what waits goes first where room
   * is needed.
   */
  retire(receiver: string): void {
    if (this.#expecting.delete(receiver)) this.#retired.add(receiver);
  }

  /** Writes what could not be written before; whether nothing is left to write. */
  writeHeld(): boolean {
    if (!this.#options.state.askDisk()) return false;
    if (!this.#ledger.isOwing()) return true;
    return this.#ledger.attempt(() => this.#ledger.write(() => true)) ?? false;
  }

  /** Losses since `lossesTold`, in whatever life of the agent. */
  newlyLost(): number {
    const told = Number(this.#ledger.attempt(() => this.#ledger.rows.fact(lostToldFact)) ?? 0);
    return Math.max(0, this.#lostInAll() - Math.max(told, this.#lostTold));
  }

  lossesTold(): void {
    if (this.newlyLost() === 0) return;
    this.#lostTold = this.#lostInAll();
    this.#ledger.attempt(() =>
      this.#ledger.write((rows) => rows.keepFact(lostToldFact, `${this.#lostTold}`)),
    );
  }

  /** How many reports end with this process: what is held, or all where nothing else takes them. */
  inMemory(): number {
    const isKept = this.#options.state.durable || this.#options.state.isWaiting;
    return isKept ? this.#held.reports.length : this.stats().waiting;
  }

  /** Of those too that were receivers once: what they lost was lost. */
  stats(): SpoolStats {
    const receivers = this.#names().map((receiver) => this.#statsOf(receiver));
    const lost = receivers.reduce((sum, each) => addLosses(sum, each.lost), noLosses);
    const [first] = receivers;
    const all =
      this.#ledger.attempt(() => Number(this.#ledger.rows.statements.total.get()?.['reports'])) ??
      0;
    const outOfReach = Math.max(0, ...Object.values(this.#options.state.outOfReach));
    const waiting = all + this.#held.reports.length + outOfReach;
    return { waiting: receivers.length === 1 && first ? first.waiting : waiting, lost, receivers };
  }

  #lostInAll(): number {
    const all = this.#names().map((receiver) => sumOf(this.#lossesOf(receiver)));
    return all.reduce((sum, lost) => sum + lost, 0);
  }

  /** Of the receivers of now, then of those of the past for which something waits or was lost. */
  #names(): readonly string[] {
    const { waiting, losses } = this.#ledger.known;
    const known = [
      ...Object.keys(this.#options.state.outOfReach),
      ...Object.keys(waiting),
      ...losses.map(([receiver]) => receiver),
    ];
    return [...new Set([...this.#receivers, ...known.toSorted()])].slice(0, maxNames);
  }

  #lossesOf(receiver: string): LossCounts {
    const stored = this.#ledger.attempt(() => this.#ledger.rows.lossesOf(receiver));
    return addLosses(
      stored ?? lossesOf(receiver, this.#ledger.known),
      this.#ledger.unwritten.of(receiver),
    );
  }

  #insert(rows: Rows, report: Report): Added {
    const { clock } = this.#options;
    const now = this.#now();
    rows.dropOld(now - this.#limits.maxAgeMs);
    const numbered = withSequence(report, report.sequence ?? rows.lastSequence() + 1);
    const spooled = asSpooled(numbered);
    const { id, time, sizeBytes } = spooled;
    for (const receiver of this.#retired) rows.lose(receiver, 'rejected', 1);
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
    this.#ledger.highest = Math.max(this.#ledger.highest, spooled.sequence);
    const isTooLarge = spooled.sizeBytes > this.#limits.maxReportBytes;
    this.#loseHeld(this.#retired, 'rejected');
    if (isTooLarge) {
      this.#loseHeld(this.#expecting, 'size');
    } else if (this.#expecting.size > 0) {
      const expecting = new Set(this.#expecting);
      const gone = this.#held.add({ report: spooled, addedMs: this.#now(), expecting });
      for (const held of gone) this.#loseHeld(held.expecting, 'size');
    }
    this.#ledger.mark();
    return { outcome: isTooLarge ? 'too-large' : 'held', report: numbered };
  }

  /** Reading may go on where writing does not, and a guest may have taken numbers meanwhile. */
  #nextHeld(): number {
    return (
      Math.max(
        this.#ledger.highest,
        this.#ledger.attempt(() => this.#ledger.rows.lastSequence()) ?? 0,
      ) + 1
    );
  }

  #loseHeld(receivers: Iterable<string>, reason: LossReason): void {
    for (const receiver of receivers) this.#ledger.unwritten.add(receiver, reason, 1);
  }

  #nextBatch(receiver: string, limits: BatchLimits): readonly SpooledReport[] {
    this.#expire();
    const held = this.#held.for(receiver);
    const batch = this.#waiting(receiver, limits, held.length === 0);
    return batch.length > 0 ? batch : takeBatch(held, limits);
  }

  /** Throws where nothing else is left to say. */
  #waiting(receiver: string, limits: BatchLimits, isLast: boolean): readonly SpooledReport[] {
    const settled = this.#ledger.settled.get(receiver);
    const last = limits.through ?? Number.MAX_SAFE_INTEGER;
    const count = limits.maxCount + (settled?.size ?? 0);
    const read = (): readonly SpooledReport[] => {
      const rows = this.#ledger.rows.statements.waiting.iterate(receiver, last, count);
      return takeBatch(notIn(settled, rows), limits);
    };
    return isLast
      ? this.#ledger.read(read)
      : (this.#ledger.attempt(() => this.#ledger.read(read)) ?? []);
  }

  #expire(): void {
    const before = this.#now() - this.#limits.maxAgeMs;
    for (const { expecting } of this.#held.dropOld(before)) this.#loseHeld(expecting, 'age');
    this.#ledger.attempt(() => {
      const isDue = this.#ledger.isOwing() || this.#ledger.rows.hasOld(before);
      if (isDue) this.#ledger.write((rows) => rows.dropOld(before));
    });
  }

  #acknowledge(receiver: string, ids: readonly string[]): void {
    const time = isoTime(this.#options.clock.now());
    const inRows = ids.filter((id) => !this.#held.settle(receiver, id));
    try {
      this.#ledger.write((rows) => {
        for (const id of inRows) rows.remove(receiver, id);
        rows.keepFact(successFact(receiver), time);
      });
      // Gives pages that the spool no longer needs back to the disk, a megabyte at a time.
      this.#ledger.rows.db.exec('PRAGMA incremental_vacuum(256)');
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      const settled = this.#ledger.settled.get(receiver) ?? new Set();
      for (const id of inRows) settled.add(id);
      this.#ledger.settled.set(receiver, settled);
      this.#ledger.mark();
    }
  }

  #setAside(receiver: string, ids: readonly string[], reason: string): void {
    const inRows = ids.filter((id) => {
      const isHeld = this.#held.settle(receiver, id);
      if (isHeld) this.#ledger.unwritten.add(receiver, 'rejected', 1);
      return !isHeld;
    });
    // The disk takes nothing now, and was not told of them.
    if (inRows.length === 0) {
      this.#ledger.mark();
      return;
    }
    const rejectedMs = this.#now();
    this.#ledger.write((rows) => {
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
    const stored = this.#ledger.attempt(() => this.#storedStats(receiver)) ?? {
      name: receiver,
      waiting: this.#ledger.known.waiting[receiver] ?? 0,
      waitingBytes: 0,
    };
    const { oldestTime: oldestStored, ...rest } = stored;
    const held = this.#held.for(receiver);
    const settled = this.#ledger.settled.get(receiver)?.size ?? 0;
    const waiting = Math.max(stored.waiting - settled, 0);
    const oldestTime = waiting > 0 ? oldestStored : held[0]?.time;
    const outOfReach = this.#options.state.outOfReach[receiver] ?? 0;
    return {
      ...rest,
      waiting: waiting + held.length + outOfReach,
      waitingBytes: held.reduce((sum, { sizeBytes }) => sum + sizeBytes, stored.waitingBytes),
      ...(oldestTime !== undefined && { oldestTime }),
      lost: this.#lossesOf(receiver),
    };
  }

  #storedStats(receiver: string): Omit<ReceiverStats, 'lost'> {
    const row = this.#ledger.rows.statements.stats.get(receiver);
    const lastSuccessTime = this.#ledger.rows.fact(successFact(receiver));
    return {
      name: receiver,
      waiting: Number(row?.['waiting']),
      waitingBytes: Number(row?.['bytes']),
      ...(typeof row?.['oldest'] === 'string' && { oldestTime: row['oldest'] }),
      ...(lastSuccessTime !== undefined && { lastSuccessTime }),
    };
  }
}

function lossesOf(receiver: string, { losses }: Known): LossCounts {
  const own = losses.filter(([name]) => name === receiver);
  return lossCounts(own.map(([, reason, reports]) => [reason, reports]));
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
