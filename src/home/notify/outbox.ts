/** Notices that wait in home's database until every receiver has them: one row each, and a place in them for each receiver. */
import type { DatabaseSync } from 'node:sqlite';
import type { IncidentRecord } from '../../report/incident-record.ts';
import { transaction } from '../../state/open-database.ts';

export interface Notice {
  /** The order of delivery. */
  readonly sequence: number;
  readonly record: IncidentRecord;
}

export interface OutboxLimits {
  readonly maxCount: number;
  readonly maxAgeMs: number;
}

export const outboxLimits: OutboxLimits = { maxCount: 10_000, maxAgeMs: 72 * 3_600_000 };

export interface Outbox {
  /** For a transaction that somebody else has begun: notices are on disk together with what they tell of. */
  add(record: IncidentRecord, nowMs: number): void;
  /** The oldest that this receiver has not got. */
  next(receiver: string): Notice | undefined;
  /** It has got this one, or never will. */
  done(receiver: string, sequence: number): void;
  waiting(receiver: string): number;
  /** Drops what is too old or too many, and what everybody has; gives how many each receiver will never get. */
  prune(nowMs: number): ReadonlyMap<string, number>;
  /** Ends a receiver's place: nothing waits for it any longer. */
  forget(receiver: string): void;
}

/** Whoever is new gets what comes from now on; whoever is named no longer is forgotten. */
export function openOutbox(
  db: DatabaseSync,
  receivers: readonly string[],
  { maxCount, maxAgeMs }: OutboxLimits = outboxLimits,
): Outbox {
  register(db, receivers);
  const insert = db.prepare('INSERT INTO notice (time_ms, record) VALUES (?, ?)');
  const next = db.prepare(
    `SELECT sequence, record FROM notice
     WHERE sequence > (SELECT done FROM notice_receiver WHERE receiver = ?) ORDER BY sequence LIMIT 1`,
  );
  const done = db.prepare('UPDATE notice_receiver SET done = max(done, ?) WHERE receiver = ?');
  const waiting = db.prepare(
    `SELECT count(*) AS count FROM notice
     WHERE sequence > (SELECT done FROM notice_receiver WHERE receiver = ?)`,
  );
  const lastTooOld = db.prepare('SELECT max(sequence) AS sequence FROM notice WHERE time_ms < ?');
  const lastTooMany = db.prepare('SELECT max(sequence) - ? AS sequence FROM notice');
  const lastOfAll = db.prepare(
    `SELECT coalesce((SELECT min(done) FROM notice_receiver),
                     (SELECT max(sequence) FROM notice)) AS sequence`,
  );
  const lost = db.prepare(
    `SELECT receiver, count(*) AS count FROM notice_receiver JOIN notice ON sequence > done
     WHERE sequence <= ? GROUP BY receiver`,
  );
  const skip = db.prepare('UPDATE notice_receiver SET done = ? WHERE done < ?');
  const remove = db.prepare('DELETE FROM notice WHERE sequence <= ?');
  const forget = db.prepare('DELETE FROM notice_receiver WHERE receiver = ?');
  const sequenceOf = (row: Readonly<Record<string, unknown>> | undefined): number =>
    Number(row?.['sequence'] ?? 0);
  return {
    add: (record, nowMs) => void insert.run(nowMs, JSON.stringify(record)),
    next: (receiver) => {
      const row = next.get(receiver);
      // What stands there is what `add` wrote.
      return row && { sequence: sequenceOf(row), record: JSON.parse(String(row['record'])) };
    },
    done: (receiver, sequence) => void done.run(sequence, receiver),
    waiting: (receiver) => Number(waiting.get(receiver)?.['count'] ?? 0),
    prune: (nowMs) =>
      transaction(db, () => {
        const cut = Math.max(
          sequenceOf(lastTooOld.get(nowMs - maxAgeMs)),
          sequenceOf(lastTooMany.get(maxCount)),
        );
        const counts = lost
          .all(cut)
          .map((row) => [String(row['receiver']), Number(row['count'])] as const);
        skip.run(cut, cut);
        remove.run(Math.max(cut, sequenceOf(lastOfAll.get())));
        return new Map(counts);
      }),
    forget: (receiver) => void forget.run(receiver),
  };
}

function register(db: DatabaseSync, receivers: readonly string[]): void {
  const known = db.prepare('SELECT receiver FROM notice_receiver');
  const forget = db.prepare('DELETE FROM notice_receiver WHERE receiver = ?');
  const add = db.prepare(
    `INSERT INTO notice_receiver (receiver, done)
     VALUES (?, coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'notice'), 0))
     ON CONFLICT DO NOTHING`,
  );
  transaction(db, () => {
    for (const row of known.all()) {
      const receiver = String(row['receiver']);
      if (!receivers.includes(receiver)) forget.run(receiver);
    }
    for (const receiver of receivers) add.run(receiver);
  });
}

/** Tells this home from others, for as long as its database lives. */
export function homeId(db: DatabaseSync, makeId: () => string): string {
  const find = db.prepare('SELECT id FROM home');
  const found = find.get()?.['id'];
  if (found !== undefined) return String(found);
  const id = makeId();
  db.prepare('INSERT INTO home (id) VALUES (?)').run(id);
  return id;
}
