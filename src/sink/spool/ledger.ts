/** What stands between the spool and its database: one transaction at a time, and an account of all that the database was not told yet. */
import { isStorageFault, transaction } from '../../state/open-database.ts';
import type { OpenState } from '../../state/open-state.ts';
import { keepSequence } from '../../state/sequence.ts';
import type { HeldReports } from './held-reports.ts';
import type { SpoolLimits } from './limits.ts';
import { type LossCounts, Losses } from './losses.ts';
import { type Rows, rowsIn } from './rows.ts';

export interface LedgerOptions {
  readonly state: Pick<OpenState, 'db' | 'durable' | 'exclusive' | 'mark' | 'recover'>;
  readonly limits: SpoolLimits;
  readonly held: HeldReports;
  readonly receivers: readonly string[];
  /** Of them, those that will take reports in this life. */
  readonly expecting: ReadonlySet<string>;
}

interface Known {
  readonly waiting: number;
  readonly lost: LossCounts;
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
  /** As of the last transaction: what is counted as lost with a database that proves damaged. */
  readonly #known = new Map<string, Known>();
  #facts: ReadonlyMap<string, string> = new Map();
  #rows: Rows;
  #isMarked = false;

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
  known(receiver: string): Known | undefined {
    return this.#known.get(receiver);
  }

  /** One transaction, which also writes down what could not be written before. Throws what the database throws. */
  write<T>(work: (rows: Rows) => T): T {
    const { state } = this.#options;
    try {
      return this.#writeOnce(work);
    } catch (error) {
      if (!state.recover(error)) throw error;
      return this.#writeOnce(work);
    }
  }

  /** A database that proves damaged is replaced, and asked again. Throws what the database throws. */
  read<T>(work: (rows: Rows) => T): T {
    try {
      return work(this.rows);
    } catch (error) {
      if (!this.#options.state.recover(error)) throw error;
      return work(this.rows);
    }
  }

  /** Undefined when the disk is to blame that nothing comes of it. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isStorageFault(error)) throw error;
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
    return rowsIn(state.db, this.#options.limits, current);
  }

  #writeOnce<T>(work: (rows: Rows) => T): T {
    const rows = this.rows;
    const result = transaction(rows.db, () => {
      this.#writeOwed(rows);
      return work(rows);
    });
    this.#options.held.clear();
    this.settled.clear();
    this.unwritten.clear();
    this.highest = rows.lastSequence();
    this.#written = this.highest;
    this.mark();
    this.#remember();
    return result;
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

  /** Another database, and an empty one: what is known of the last one goes on, and what waited there is lost. */
  #adopt(): void {
    const { state } = this.#options;
    if (this.#rows.db === state.db) return;
    const rows = this.#prepare();
    transaction(rows.db, () => {
      for (const [name, value] of this.#facts) rows.keepFact(name, value);
      keepSequence(rows.db, this.highest);
      const losses = new Losses();
      for (const [receiver, { waiting, lost }] of this.#known) {
        losses.addAll(receiver, lost);
        losses.add(receiver, 'storage', waiting);
      }
      for (const [receiver, reason, reports] of losses.entries()) {
        rows.lose(receiver, reason, reports);
      }
    });
    this.settled.clear();
    this.#rows = rows;
  }

  #remember(): void {
    this.attempt(() => {
      for (const receiver of this.#options.receivers) {
        const waiting = Number(this.#rows.statements.count.get(receiver)?.['waiting']);
        this.#known.set(receiver, { waiting, lost: this.#rows.lossesOf(receiver) });
      }
      const facts = this.#rows.statements.facts.all();
      this.#facts = new Map(facts.map(({ name, value }) => [String(name), String(value)]));
    });
  }

  /** What an agent before us held in memory when it was killed. */
  #readMark(): void {
    const { reports = 0, sequence = 0 } = this.#options.state.mark?.read() ?? {};
    this.#isMarked = reports > 0 || sequence > 0;
    this.highest = Math.max(this.highest, sequence);
    for (const receiver of this.#options.receivers)
      this.unwritten.add(receiver, 'storage', reports);
  }
}
