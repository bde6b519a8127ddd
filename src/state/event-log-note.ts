/** Where the agent writes its events, noted in its state, so that whoever comes to that state finds them without its options. */
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isStorageFault } from './open-database.ts';

/** `logFile` absent: it writes none. A disk that takes nothing keeps no note, and is no reason to stop. */
export function noteEventLog(db: DatabaseSync, logFile: string | undefined): void {
  const path = logFile === undefined ? undefined : resolve(logFile);
  try {
    // What stands there already is not written and synced again at every start.
    if (notedEventLog(db) === path) return;
    if (path === undefined) db.exec("DELETE FROM fact WHERE name = 'event-log'");
    else db.prepare("INSERT OR REPLACE INTO fact VALUES ('event-log', ?)").run(path);
  } catch (error) {
    if (!isStorageFault(error)) throw error;
  }
}

/** An absolute path; undefined where no agent noted one. */
export function notedEventLog(db: DatabaseSync): string | undefined {
  const value = db.prepare("SELECT value FROM fact WHERE name = 'event-log'").get()?.['value'];
  return value === undefined ? undefined : String(value);
}
