/** Where reports wait until home has them: durable, in order, bounded, with every loss counted. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { Report } from '../../report/report.ts';
import { isStorageFault, transaction } from '../../state/open-database.ts';
import type { SpoolLimits } from './limits.ts';
import { memoryMaxBytes, spoolDefaults } from './limits.ts';
import type { LossReason, Statements } from './statements.ts';
import { prepareStatements } from './statements.ts';

export interface SpoolOptions {
  /** An open state database, with whether it outlives the process. */
  readonly state: { readonly db: DatabaseSync; readonly durable: boolean };
  readonly clock: Clock;
  readonly limits?: Partial<SpoolLimits>;
  /** The home whose deliveries this spool keeps. */
  readonly home?: string;
}

/** A report as it waits. */
export interface SpooledReport {
  /** Grows with every report; the order of delivery. */
  readonly sequence: number;
  readonly id: string;
  /** The report's own time. */
  readonly time: string;
  /** Of `body`, in octets. */
  readonly sizeBytes: number;
  /** The report as JSON. */
  readonly body: string;
}

export interface BatchLimits {
  readonly maxCount: number;
  /** Sum of bodies; the first report comes however large it is. */
  readonly maxBytes: number;
  /** Nothing later than this sequence: so that a batch that is sent again is the same batch. */
  readonly through?: number;
}

export interface SpoolStats {
  readonly waiting: number;
  /** Sum of the waiting bodies. */
  readonly waitingBytes: number;
  /** The time of the report that has waited longest. */
  readonly oldestTime?: string;
  /** Since the state directory was made. */
  readonly lost: Readonly<Record<LossReason, number>>;
}

/** `too-large`: dropped and counted. `not-written`: the disk would not take it; dropped, and counted as soon as it will. */
export type AddOutcome = 'kept' | 'too-large' | 'not-written';

export class Spool {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #limits: SpoolLimits;
  readonly #home: string;
  /** Wall time read once and then moved by the monotonic clock: a step of the wall clock ages nothing. */
  readonly #now: () => number;
  #unwritten = 0;

  constructor({ state, clock, limits, home = 'home' }: SpoolOptions) {
    const wanted = { ...spoolDefaults, ...limits };
    this.#limits = state.durable
      ? wanted
      : { ...wanted, maxBytes: Math.min(wanted.maxBytes, memoryMaxBytes) };
    this.#db = state.db;
    this.#statements = prepareStatements(state.db);
    this.#home = home;
    const offsetMs = clock.now() - clock.monotonicMs();
    this.#now = () => Math.trunc(offsetMs + clock.monotonicMs());
  }

  /** On disk when this returns 'kept', where the state is durable. Adding an id again changes nothing. */
  add(report: Report): AddOutcome {
    const body = JSON.stringify(report);
    const sizeBytes = Buffer.byteLength(body);
    try {
      return this.#write(() => {
        this.#dropOld();
        if (sizeBytes > this.#limits.maxReportBytes) {
          this.#lose('size', 1);
          this.#keepRejected(report.id, report.time, 'too-large', sizeBytes, null);
          return 'too-large';
        }
        this.#makeRoom(sizeBytes);
        this.#insert(report, sizeBytes, body);
        return 'kept';
      });
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      this.#unwritten += 1;
      return 'not-written';
    }
  }

  /** The oldest reports that still wait, in the order in which they happened. */
  nextBatch({ maxCount, maxBytes, through }: BatchLimits): readonly SpooledReport[] {
    if (this.#hasOld()) this.#write(() => this.#dropOld());
    const batch: SpooledReport[] = [];
    let bytes = 0;
    const last = through ?? Number.MAX_SAFE_INTEGER;
    for (const row of this.#statements.waiting.iterate(this.#home, last, maxCount)) {
      const report = spooledReport(row);
      bytes += report.sizeBytes;
      if (batch.length > 0 && bytes > maxBytes) break;
      batch.push(report);
    }
    return batch;
  }

  /** Home has them. Ids that are not here are no error: an acknowledgement may come twice. */
  acknowledge(ids: readonly string[]): void {
    this.#write(() => {
      for (const id of ids) this.#remove(id);
    });
    this.#shrink();
  }

  /** Home will never take them: counted as lost, kept for a person to look at. */
  setAside(ids: readonly string[], reason: string): void {
    this.#write(() => {
      for (const id of ids) {
        const row = this.#statements.find.get(id, this.#home);
        if (!row) continue;
        const { time, sizeBytes, body } = spooledReport(row);
        this.#keepRejected(id, time, reason, sizeBytes, body);
        this.#lose('rejected', 1);
        this.#remove(id);
      }
    });
  }

  /** Reports that home refused without saying which. */
  lose(reason: LossReason, reports: number): void {
    this.#write(() => this.#lose(reason, reports));
  }

  stats(): SpoolStats {
    const lost = { age: 0, size: this.#unwritten, rejected: 0 };
    for (const { reason, reports } of this.#statements.losses.iterate(this.#home)) {
      lost[reason as LossReason] += Number(reports);
    }
    const row = this.#statements.stats.get(this.#home);
    return {
      waiting: Number(row?.['waiting']),
      waitingBytes: Number(row?.['bytes']),
      ...(typeof row?.['oldest'] === 'string' && { oldestTime: row['oldest'] }),
      lost,
    };
  }

  /** One transaction, which also writes down what could not be written before. */
  #write<T>(work: () => T): T {
    const result = transaction(this.#db, () => {
      if (this.#unwritten > 0) this.#lose('size', this.#unwritten);
      return work();
    });
    this.#unwritten = 0;
    return result;
  }

  #insert(report: Report, sizeBytes: number, body: string): void {
    const { insert, expect } = this.#statements;
    const { changes, lastInsertRowid } = insert.run(
      report.id,
      report.time,
      this.#now(),
      sizeBytes,
      body,
    );
    if (changes > 0) expect.run(this.#home, lastInsertRowid);
  }

  #remove(id: string): void {
    this.#statements.settle.run(this.#home, id);
    this.#statements.removeSettled.run(id);
  }

  #lose(reason: LossReason, reports: number, home: string = this.#home): void {
    this.#statements.lose.run(home, reason, reports);
  }

  #hasOld(): boolean {
    const row = this.#statements.oldest.get();
    return Number(row?.['added_ms'] ?? Infinity) < this.#now() - this.#limits.maxAgeMs;
  }

  #dropOld(): void {
    const before = this.#now() - this.#limits.maxAgeMs;
    for (const { sequence } of this.#statements.old.all(before)) {
      this.#drop(Number(sequence), 'age');
    }
  }

  /** Drops from the oldest on until one more report of this size fits. */
  #makeRoom(sizeBytes: number): void {
    const row = this.#statements.total.get();
    let bytes = Number(row?.['bytes']) + sizeBytes - this.#limits.maxBytes;
    let reports = Number(row?.['reports']) + 1 - this.#limits.maxReports;
    while (bytes > 0 || reports > 0) {
      const first = this.#statements.first.get();
      if (!first) return;
      this.#drop(Number(first['sequence']), 'size');
      bytes -= Number(first['size_bytes']);
      reports -= 1;
    }
  }

  /** Lost for every home that still waited for it. */
  #drop(sequence: number, reason: LossReason): void {
    for (const { home } of this.#statements.expecting.all(sequence)) {
      this.#lose(reason, 1, String(home));
    }
    this.#statements.remove.run(sequence);
  }

  #keepRejected(
    id: string,
    time: string,
    reason: string,
    sizeBytes: number,
    body: string | null,
  ): void {
    const { reject, pruneRejected } = this.#statements;
    reject.run(this.#home, id, time, this.#now(), reason, sizeBytes, body);
    pruneRejected.run(this.#limits.maxRejected);
  }

  /** Gives pages that the spool no longer needs back to the disk, a megabyte at a time. */
  #shrink(): void {
    this.#db.exec('PRAGMA incremental_vacuum(256)');
  }
}

function spooledReport(row: Record<string, unknown>): SpooledReport {
  return {
    sequence: Number(row['sequence']),
    id: String(row['id']),
    time: String(row['time']),
    sizeBytes: Number(row['size_bytes']),
    body: String(row['body']),
  };
}
