/** What home has stored, and what it goes on to store, read from its database whether or not home is running. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { CannotRun } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { homeFileName, homeMigrations } from './home-schema.ts';

export interface StoredReport {
  readonly source: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly sender: string;
  /** JSON on one line, safe to print. */
  readonly report: string;
}

/** Only reports of which all of this is true. */
export interface ReportFilter {
  /** By the report's own time, milliseconds since 1970; from `sinceMs` on, and before `untilMs`. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** The delegate's name, its host's, or the source of its reports. */
  readonly delegate?: string;
  readonly account?: string;
  /** Part of the target's label: its URL, server name or address. */
  readonly target?: string;
  readonly outcome?: string;
  readonly cause?: string;
  /** Of those that are stored now, the latest so many. */
  readonly limit?: number;
}

/** Read at once: home's log must not grow while a reader is slow. */
const pageReports = 200;
const pollMs = 250;

/** Oldest first, by the reports' time and then by arrival; what arrives meanwhile is not in it. Throws CannotRun when there is no database. */
export function* listReports(
  directory: string,
  filter: ReportFilter = {},
): Generator<StoredReport, void, undefined> {
  const db = openForReading(directory);
  try {
    yield* allUntil(db, filter, lastArrival(db));
  } finally {
    db.close();
  }
}

/** As `listReports`, and then whatever arrives, in order of arrival, until `signal` is aborted. */
export async function* followReports(
  directory: string,
  filter: ReportFilter,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<StoredReport, void, undefined> {
  const db = openForReading(directory);
  try {
    let last = lastArrival(db);
    yield* allUntil(db, filter, last);
    const { where, values } = conditions(filter);
    const next = db.prepare(
      `SELECT * FROM event WHERE arrival > ? AND arrival <= ? ${where} ORDER BY arrival LIMIT ${pageReports}`,
    );
    while (!signal.aborted) {
      const newest = lastArrival(db);
      const page = next.all(last, newest, ...values);
      yield* page.map(readRow);
      last = page.length === pageReports ? Number(page.at(-1)?.['arrival']) : newest;
      if (page.length < pageReports) await clock.sleep(pollMs, signal);
    }
  } finally {
    db.close();
  }
}

/** Page after page, each by itself. */
function* allUntil(
  db: DatabaseSync,
  filter: ReportFilter,
  last: number,
): Generator<StoredReport, void, undefined> {
  const { where, values } = conditions(filter);
  const select = db.prepare(
    `SELECT * FROM event WHERE (time_ms, arrival) > (?, ?) AND arrival <= ? ${where}
     ORDER BY time_ms, arrival LIMIT ${pageReports}`,
  );
  let after = behind(db, filter, last);
  for (;;) {
    const page = select.all(...after, last, ...values);
    yield* page.map(readRow);
    const end = page.at(-1);
    if (!end || page.length < pageReports) return;
    after = [Number(end['time_ms']), Number(end['arrival'])];
  }
}

/** Time and arrival behind which the listing begins. */
function behind(
  db: DatabaseSync,
  { limit, ...filter }: ReportFilter,
  last: number,
): readonly [timeMs: number, arrival: number] {
  const start = [Number.MIN_SAFE_INTEGER, 0] as const;
  if (limit === undefined) return start;
  const { where, values } = conditions(filter);
  const row = db
    .prepare(
      `SELECT time_ms, arrival FROM event WHERE arrival <= ? ${where}
       ORDER BY time_ms DESC, arrival DESC LIMIT 1 OFFSET ?`,
    )
    .get(last, ...values, limit);
  return row ? [Number(row['time_ms']), Number(row['arrival'])] : start;
}

function conditions(filter: ReportFilter): {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
} {
  const { sinceMs, untilMs, delegate, account, target, outcome, cause } = filter;
  const given = [
    ['time_ms >= ?', sinceMs],
    ['time_ms < ?', untilMs],
    ['? IN (delegate_name, host, source)', delegate],
    ['account = ?', account],
    ['instr(target, ?) > 0', target],
    ['outcome = ?', outcome],
    ['cause = ?', cause],
  ] as const;
  const said = given.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  return {
    where: said.map(({ sql }) => `AND ${sql}`).join(' '),
    values: said.map(({ value }) => value),
  };
}

function readRow(row: NonNullable<ReturnType<StatementSync['get']>>): StoredReport {
  return {
    source: String(row['source']),
    id: String(row['id']),
    timeMs: Number(row['time_ms']),
    receivedMs: Number(row['received_ms']),
    sender: String(row['sender']),
    report: String(row['report']),
  };
}

function lastArrival(db: DatabaseSync): number {
  return Number(db.prepare('SELECT max(arrival) AS last FROM event').get()?.['last'] ?? 0);
}

function openForReading(directory: string): DatabaseSync {
  const path = join(directory, homeFileName);
  if (!existsSync(path)) throw noDatabase(directory);
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version === homeMigrations.length) return db;
    db.close();
  } catch (error) {
    throw noDatabase(directory, { cause: error });
  }
  throw new CannotRun([
    {
      where: '--data',
      what: `${homeFileName} in ${directory} was written by another version`,
      expected: 'this version of sidelight home started there once, or that version here',
    },
  ]);
}

function noDatabase(directory: string, options?: ErrorOptions): CannotRun {
  const problem = {
    where: '--data',
    what: `no ${homeFileName} can be read in ${directory}`,
    expected: 'the directory that sidelight home was started with',
  };
  return new CannotRun([problem], options);
}
