/** The number that every report of one agent gets: from 1, one after the other, durable, no number twice. */
import type { DatabaseSync } from 'node:sqlite';
import { isStorageFault, transaction } from './open-database.ts';

/** The highest that was given; 0 when none was. SQLite itself keeps it for the table of reports, whose rows have these numbers. */
export function lastSequence(db: DatabaseSync): number {
  const row = db.prepare("SELECT max(seq) AS seq FROM sqlite_sequence WHERE name = 'report'").get();
  return Number(row?.['seq'] ?? 0);
}

/** Numbers up to this one are given. Only within a transaction. */
export function keepSequence(db: DatabaseSync, sequence: number): void {
  const { changes } = db
    .prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'report'")
    .run(sequence);
  if (Number(changes) > 0) return;
  db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('report', ?)").run(sequence);
}

/** Takes the next number for a report that waits nowhere yet; undefined when the disk does not keep it. */
export function takeSequence(db: DatabaseSync): number | undefined {
  try {
    return transaction(db, () => {
      const sequence = lastSequence(db) + 1;
      keepSequence(db, sequence);
      return sequence;
    });
  } catch (error) {
    if (isStorageFault(error)) return undefined;
    throw error;
  }
}
