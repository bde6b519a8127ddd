/** Home's database: stores a batch whole and durably, and drops what it has already. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CannotRun } from '../base/cannot-run.ts';
import { DatabaseUnusable, openDatabase, transaction } from '../state/open-database.ts';
import { homeFileName, homeMigrations } from './home-schema.ts';
import type { ReceivedEvent, Rejection } from './read-event.ts';
import { isRejection } from './read-event.ts';

export interface Stored {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

export interface EventStore {
  /** On disk when this returns. `receivedMs` is milliseconds since 1970. Throws what the database throws (a full disk). */
  store(events: readonly (ReceivedEvent | Rejection)[], sender: string, receivedMs: number): Stored;
  close(): void;
}

const maxRejected = 1_000;

/** Throws CannotRun when the directory cannot be used. */
export function openEventStore(directory: string): EventStore {
  const db = openHomeDatabase(directory);
  const insert = db.prepare(
    'INSERT OR IGNORE INTO event (source, id, time_ms, received_ms, sender, report) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const reject = db.prepare(
    'INSERT INTO rejected (received_ms, sender, reason, excerpt) VALUES (?, ?, ?, ?)',
  );
  const prune = db.prepare(
    'DELETE FROM rejected WHERE arrival <= (SELECT max(arrival) FROM rejected) - ?',
  );
  const storeOne = (event: ReceivedEvent | Rejection, sender: string, receivedMs: number) => {
    if (isRejection(event)) {
      reject.run(receivedMs, sender, event.reason, event.excerpt ?? null);
      prune.run(maxRejected);
      return 'rejected';
    }
    const { source, id, timeMs = receivedMs, report } = event;
    const { changes } = insert.run(source, id, timeMs, receivedMs, sender, report);
    return changes > 0 ? 'stored' : 'duplicates';
  };
  return {
    store: (events, sender, receivedMs) =>
      transaction(db, () => {
        const count = { stored: 0, duplicates: 0, rejected: 0 };
        for (const event of events) count[storeOne(event, sender, receivedMs)] += 1;
        return count;
      }),
    close: () => db.close(),
  };
}

function openHomeDatabase(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return openDatabase(join(directory, homeFileName), homeMigrations, { verify: false });
  } catch (error) {
    throw new CannotRun([{ where: '--data', ...explain(error, directory) }], { cause: error });
  }
}

function explain(error: unknown, directory: string): { what: string; expected: string } {
  const fault = error instanceof DatabaseUnusable ? error.fault : 'not-writable';
  switch (fault) {
    case 'corrupt':
      return {
        what: `${homeFileName} in ${directory} is damaged`,
        expected: 'move it away, restore a copy, or give another directory',
      };
    case 'newer-schema':
      return {
        what: `${homeFileName} in ${directory} was written by a later version`,
        expected: 'that version, or another directory',
      };
    case 'not-writable':
      return {
        what: `${directory} cannot be written`,
        expected: 'a directory that can be written',
      };
  }
}
