/** Home's database: stores what came together in one transaction, durably, and drops what it has already. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CannotRun } from '../base/cannot-run.ts';
import { makeDirectory } from '../state/make-directory.ts';
import { DatabaseUnusable, openDatabase, transaction } from '../state/open-database.ts';
import { homeFileName, homeMigrations } from './home-schema.ts';
import type { ReceivedEvent, Rejection } from './read-event.ts';
import { isRejection } from './read-event.ts';
import type { Sender } from './sender.ts';
import { openSources } from './source-owners.ts';

/** One event and who brought it. */
export interface Entry {
  readonly event: ReceivedEvent | Rejection;
  readonly sender: Sender;
}

export type Stored =
  | { readonly kind: 'stored'; readonly arrival: number; readonly delegate: string }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'rejected' };

export interface EventStore {
  /**
   * On disk when this returns, all or nothing; what became of each, in order. `receivedMs` is milliseconds
   * since 1970. Throws what the database throws (a full disk).
   */
  store(entries: readonly Entry[], receivedMs: number): readonly Stored[];
  /** For those who keep something beside the events: same file, same transactions. */
  readonly db: DatabaseSync;
  close(): void;
}

const maxRejected = 1_000;
/** Of one sender, so that nobody's nonsense drives out what others are looked for. */
const maxRejectedOfOne = 100;

/** Throws CannotRun when the directory cannot be used. */
export function openEventStore(directory: string): EventStore {
  const db = openHomeDatabase(directory);
  const insert = prepareInsert(db);
  const reject = prepareReject(db);
  const sources = openSources(db);
  const storeOne = ({ event, sender }: Entry, receivedMs: number): Stored => {
    if (isRejection(event)) {
      reject(event, sender.name, receivedMs);
      return { kind: 'rejected' };
    }
    const delegate = sources.delegateOf(event.source, sender, receivedMs);
    const arrival = insert(event, { delegate, sender: sender.name, receivedMs });
    return arrival === undefined ? { kind: 'duplicate' } : { kind: 'stored', arrival, delegate };
  };
  return {
    store: (entries, receivedMs) => {
      try {
        return transaction(db, () => entries.map((entry) => storeOne(entry, receivedMs)));
      } catch (error) {
        // What the transaction had added is gone with it.
        sources.forget();
        throw error;
      }
    },
    db,
    close: () => db.close(),
  };
}

interface Bringing {
  readonly delegate: string;
  readonly sender: string;
  readonly receivedMs: number;
}

/** Gives the arrival; undefined for what is stored already. */
function prepareInsert(
  db: DatabaseSync,
): (event: ReceivedEvent, bringing: Bringing) => number | undefined {
  const insert = db.prepare(
    `INSERT INTO event (source, id, delegate, time_ms, received_ms, sender, delegate_name, account, host,
       target, outcome, layer, cause, event, sequence, octets, report)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  return ({ source, id, timeMs, facts, report }, { delegate, sender, receivedMs }) => {
    const { changes, lastInsertRowid } = insert.run(
      ...[source, id, delegate, timeMs ?? receivedMs, receivedMs, sender],
      ...[facts.delegateName, facts.account, facts.host, facts.target].map(orNull),
      ...[facts.outcome, facts.layer, facts.cause, facts.event, facts.sequence].map(orNull),
      report.length,
      report,
    );
    return changes > 0 ? Number(lastInsertRowid) : undefined;
  };
}

function prepareReject(
  db: DatabaseSync,
): (rejection: Rejection, sender: string, receivedMs: number) => void {
  const reject = db.prepare(
    'INSERT INTO rejected (received_ms, sender, reason, excerpt) VALUES (?, ?, ?, ?)',
  );
  const prune = db.prepare(
    'DELETE FROM rejected WHERE arrival = (SELECT arrival FROM rejected ORDER BY arrival DESC LIMIT 1 OFFSET ?)',
  );
  const pruneOfOne = db.prepare(
    `DELETE FROM rejected WHERE arrival =
       (SELECT arrival FROM rejected WHERE sender = ? ORDER BY arrival DESC LIMIT 1 OFFSET ?)`,
  );
  return ({ reason, excerpt }, sender, receivedMs) => {
    reject.run(receivedMs, sender, reason, excerpt ?? null);
    pruneOfOne.run(sender, maxRejectedOfOne);
    prune.run(maxRejected);
  };
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

function openHomeDatabase(directory: string): DatabaseSync {
  try {
    makeDirectory(directory);
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
