/** What home has stored, read from its database whether or not home is running. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CannotRun } from '../base/cannot-run.ts';
import { homeFileName } from './home-schema.ts';

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

/** Oldest first, by the reports' time and then by arrival; what arrives meanwhile is not in it. Throws CannotRun when there is no database. */
export function* listReports(directory: string): Generator<StoredReport, void, undefined> {
  const path = join(directory, homeFileName);
  if (!existsSync(path)) throw noDatabase(directory);
  const db = openForReading(path, directory);
  try {
    const select = db.prepare('SELECT * FROM event ORDER BY time_ms, arrival');
    for (const row of select.iterate()) {
      yield {
        source: String(row['source']),
        id: String(row['id']),
        timeMs: Number(row['time_ms']),
        receivedMs: Number(row['received_ms']),
        sender: String(row['sender']),
        report: String(row['report']),
      };
    }
  } finally {
    db.close();
  }
}

function openForReading(path: string, directory: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  } catch (error) {
    throw noDatabase(directory, { cause: error });
  }
}

function noDatabase(directory: string, options?: ErrorOptions): CannotRun {
  const problem = {
    where: '--data',
    what: `no ${homeFileName} can be read in ${directory}`,
    expected: 'the directory that sidelight home was started with',
  };
  return new CannotRun([problem], options);
}
