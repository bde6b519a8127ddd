/** What happens to the spool's rows within one transaction: they come, go, are dropped for the limits, and every loss is counted. */
import type { DatabaseSync } from 'node:sqlite';
import { keepSequence, lastSequence } from '../../state/sequence.ts';
import type { SpoolLimits } from './limits.ts';
import { type LossCounts, type LossReason, lossCounts } from './losses.ts';
import { type SpooledReport, spooledReport } from './spooled-report.ts';
import { prepareStatements, type Statements } from './statements.ts';

export interface Rows {
  readonly db: DatabaseSync;
  readonly statements: Statements;
  /** The highest number that was given. */
  lastSequence(): number;
  /** Adds one for those who wait, and makes room for it first; a number that another took meanwhile becomes the next. */
  insert(report: SpooledReport, addedMs: number, expecting: Iterable<string>): void;
  /** This receiver is done with it, one way or the other. */
  remove(receiver: string, id: string): void;
  dropOld(beforeMs: number): void;
  hasOld(beforeMs: number): boolean;
  lose(receiver: string, reason: LossReason, reports: number): void;
  lossesOf(receiver: string): LossCounts;
  /** Keeps it for a person to look at; the body may be too large for that. */
  reject(rejected: Rejected): void;
  find(receiver: string, id: string): SpooledReport | undefined;
  fact(name: string): string | undefined;
  keepFact(name: string, value: string): void;
}

export interface Rejected extends Pick<SpooledReport, 'id' | 'time' | 'sizeBytes'> {
  readonly receiver: string;
  readonly reason: string;
  readonly rejectedMs: number;
  readonly body: string | null;
}

/** `current`: the receivers of now; reports that only others wait for go first. Undefined: all that are known are of now. */
export function rowsIn(
  db: DatabaseSync,
  limits: SpoolLimits,
  current: () => readonly string[] | undefined,
): Rows {
  const statements = prepareStatements(db);
  const lose: Rows['lose'] = (receiver, reason, reports) =>
    void statements.lose.run(receiver, reason, reports);
  /** Lost for every receiver that still waited for it. */
  const drop = (sequence: number, reason: LossReason): void => {
    for (const { home } of statements.expecting.all(sequence)) lose(String(home), reason, 1);
    statements.remove.run(sequence);
  };
  const makeRoom = (sizeBytes: number): void => {
    const row = statements.total.get();
    let bytes = Number(row?.['bytes']) + sizeBytes - limits.maxBytes;
    let reports = Number(row?.['reports']) + 1 - limits.maxReports;
    if (bytes <= 0 && reports <= 0) return;
    const first = firstToGo(statements, current());
    while (bytes > 0 || reports > 0) {
      const next = first();
      if (!next) return;
      drop(Number(next['sequence']), 'size');
      bytes -= Number(next['size_bytes']);
      reports -= 1;
    }
  };
  return {
    db,
    statements,
    lose,
    lastSequence: () => lastSequence(db),
    insert: (report, addedMs, expecting) => {
      if (statements.has.get(report.id)) return;
      const sequence = freeSequence(db, report.sequence);
      const receivers = [...expecting];
      if (receivers.length === 0) return keepSequence(db, sequence);
      const { id, time, body, sizeBytes } = numberedAs(report, sequence);
      makeRoom(sizeBytes);
      statements.insert.run(sequence, id, time, addedMs, sizeBytes, body);
      for (const receiver of receivers) statements.expect.run(receiver, sequence);
    },
    remove: (receiver, id) => {
      statements.settle.run(receiver, id);
      statements.removeSettled.run(id);
    },
    hasOld: (beforeMs) =>
      Number(statements.oldest.get()?.['added_ms'] ?? Number.POSITIVE_INFINITY) < beforeMs,
    dropOld: (beforeMs) => {
      for (const { sequence } of statements.old.all(beforeMs)) drop(Number(sequence), 'age');
    },
    lossesOf: (receiver) => {
      const rows = statements.losses.all(receiver);
      return lossCounts(rows.map(({ reason, reports }) => [String(reason), Number(reports)]));
    },
    reject: ({ receiver, id, time, rejectedMs, reason, sizeBytes, body }) => {
      statements.reject.run(receiver, id, time, rejectedMs, reason, sizeBytes, body);
      statements.pruneRejected.run(limits.maxRejected);
    },
    find: (receiver, id) => {
      const row = statements.find.get(id, receiver);
      return row && spooledReport(row);
    },
    fact: (name) => {
      const value = statements.fact.get(name)?.['value'];
      return value === undefined ? undefined : String(value);
    },
    keepFact: (name, value) => void statements.keepFact.run(name, value),
  };
}

/** The oldest that nobody of now waits for; where there is none, the oldest. */
function firstToGo(statements: Statements, current: readonly string[] | undefined) {
  const receivers = JSON.stringify(current ?? []);
  let forsaken = current !== undefined && statements.hasForsaken.get(receivers) !== undefined;
  return (): Record<string, unknown> | undefined => {
    const found = forsaken ? statements.firstForsaken.get(receivers) : undefined;
    if (!found) forsaken = false;
    return found ?? statements.first.get();
  };
}

/** The one that was wanted, unless a row has it: a guest may have taken it while the database took nothing of ours. */
function freeSequence(db: DatabaseSync, wanted: number): number {
  const taken = db.prepare('SELECT 1 FROM report WHERE sequence = ?').get(wanted);
  return taken ? lastSequence(db) + 1 : wanted;
}

function numberedAs(report: SpooledReport, sequence: number): SpooledReport {
  if (report.sequence === sequence) return report;
  const document = JSON.parse(report.body) as object;
  const body = JSON.stringify({ ...document, sequence });
  return { ...report, sequence, body, sizeBytes: Buffer.byteLength(body) };
}
