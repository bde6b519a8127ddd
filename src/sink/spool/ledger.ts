/** What stands between the spool and its database: one transaction at a time, and an account of all that the database was not told yet. */
import { type Known, knownOf, nothingKnown } from '../../state/known.ts';
import {
  DatabaseUnusable,
  isDamage,
  isStorageFault,
  transaction,
} from '../../state/open-database.ts';
import type { OpenState } from '../../state/open-state.ts';
import { keepSequence } from '../../state/sequence.ts';
import type { HeldReports } from './held-reports.ts';
import type { SpoolLimits } from './limits.ts';
import { Losses } from './losses.ts';
import { type Rows, rowsIn } from './rows.ts';

/** Of the state, what the spool needs. */
export type SpoolState = Pick<
  OpenState,
  | 'account'
  | 'askDisk'
  | 'db'
  | 'durable'
  | 'exclusive'
  | 'isWaiting'
  | 'mark'
  | 'outOfReach'
  | 'recover'
>;

export interface LedgerOptions {
  readonly state: SpoolState;
  /** As they are for the database of now. */
  readonly limits: () => SpoolLimits;
  readonly held: HeldReports;
  readonly receivers: readonly string[];
  /** Of them, those that will take reports in this life. */
  readonly expecting: ReadonlySet<string>;
}

export class Ledger {
  readonly #options: LedgerOptions;
  /** Losses that happened since the last transaction. */
  readonly unwritten = new Losses();
  /** Reports in the database that a receiver is done with. */
  readonly settled = new Map<string, Set<string>>();
  /** The highest number that was given. */
  highest: number;
  /** The highest that is written down. */
  #written: number;
  /** As of the last transaction. */
  #known: Known = nothingKnown;
  #rows: Rows;
  #isMarked = false;
  #isMarkRead = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#rows = this.#prepare();
    this.#written = this.attempt(() => this.#rows.lastSequence()) ?? 0;
    this.highest = this.#written;
    this.#readMark();
    this.#remember();
  }

  /** Of the database as it is now: somebody else may have replaced it. Throws what the database throws. */
  get rows(): Rows {
    this.#adopt();
    return this.#rows;
  }

  /** As of the last transaction. */
  get known(): Known {
    return this.#known;
  }

  /** One transaction, which also writes down what could not be written before. Throws what the database throws. */
  write<T>(work: (rows: Rows) => T): T {
    const { state } = this.#options;
    if (state.isWaiting) throw new DatabaseUnusable('not-writable');
    try {
      return this.#writeOnce(work);
    } catch (error) {
      this.#recover(error);
      return this.#writeOnce(work);
    }
  }

  /** A database that proves damaged is replaced, and asked again. Throws what the database throws. */
  read<T>(work: (rows: Rows) => T): T {
    try {
      return work(this.rows);
    } catch (error) {
      this.#recover(error);
      return work(this.rows);
    }
  }

  /** Returns when there is another database; else it throws what is wrong with this one. */
  #recover(error: unknown): void {
    const { state } = this.#options;
    if (state.recover(error)) return;
    throw isDamage(state.db, error) ? new DatabaseUnusable('corrupt', { cause: error }) : error;
  }

  /** Undefined when the disk is to blame that nothing comes of it. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!this.#options.state.recover(error) && !isStorageFault(error)) throw error;
      return undefined;
    }
  }

  /** Whether something is known that the database was not told. */
  isOwing(): boolean {
    const isAhead = this.highest > this.#written;
    return (
      isAhead ||
      this.settled.size + this.#options.held.reports.length > 0 ||
      !this.unwritten.isEmpty
    );
  }

  /** Notes for the next life what ends with this one. */
  mark(): void {
    const { mark } = this.#options.state;
    const isNeeded = this.isOwing();
    if (!mark || (!isNeeded && !this.#isMarked)) return;
    const reports = this.#options.held.reports.length + this.unwritten.most;
    mark.write(isNeeded ? { reports, sequence: this.highest } : { reports: 0, sequence: 0 });
    this.#isMarked = isNeeded;
  }

  #prepare(): Rows {
    const { state } = this.#options;
    const current = (): readonly string[] | undefined =>
      state.exclusive ? [...this.#options.expecting] : undefined;
    return rowsIn(state.db, this.#options.limits(), current);
  }

  #writeOnce<T>(work: (rows: Rows) => T): T {
    const rows = this.rows;
    const { result, known } = transaction(rows.db, () => {
      this.#writeOwed(rows);
      const done = work(rows);
      return { result: done, known: this.#writeAccount(rows) };
    });
    this.#options.held.clear();
    this.settled.clear();
    this.unwritten.clear();
    this.highest = rows.lastSequence();
    this.#written = this.highest;
    this.#known = known;
    this.mark();
    return result;
  }

  /** Before the commit: better a number too many is known to be given than one too few. */
  #writeAccount(rows: Rows): Known {
    const { account, durable } = this.#options.state;
    const known = knownOf(rows.db);
    if (durable) account?.write(known);
    return known;
  }

  #writeOwed(rows: Rows): void {
    for (const [receiver, ids] of this.settled) {
      for (const id of ids) rows.remove(receiver, id);
    }
    for (const [receiver, reason, reports] of this.unwritten.entries()) {
      rows.lose(receiver, reason, reports);
    }
    for (const { report, addedMs, expecting } of this.#options.held.reports) {
      rows.insert(report, addedMs, expecting);
    }
    if (this.highest > this.#written) keepSequence(rows.db, this.highest);
  }

  /** Another database, with all that could be brought over from the last one. */
  #adopt(): void {
    if (this.#rows.db === this.#options.state.db) return;
    this.#rows = this.#prepare();
    this.#written = this.#rows.lastSequence();
    this.#readMark();
  }

  /** What changed while nobody was here to write it down is written down now. */
  #remember(): void {
    const { account, durable, exclusive } = this.#options.state;
    this.attempt(() => {
      this.#known = knownOf(this.#rows.db);
      const isNoted = JSON.stringify(account?.read()) === JSON.stringify(this.#known);
      if (isNoted || !account || !durable || !exclusive) return;
      this.#known = transaction(this.#rows.db, () => this.#writeAccount(this.#rows));
    });
  }

  /** What an agent before us held in memory when it was killed. */
  #readMark(): void {
    const { mark } = this.#options.state;
    if (!mark || this.#isMarkRead) return;
    this.#isMarkRead = true;
    const { reports, sequence } = mark.read();
    this.#isMarked = reports > 0 || sequence > 0;
    this.highest = Math.max(this.highest, sequence);
    for (const receiver of this.#options.receivers)
      this.unwritten.add(receiver, 'storage', reports);
  }
}
