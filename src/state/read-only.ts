/** Looks at a state directory without a trace: nothing is made, migrated, locked for longer than a moment, or written. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Known, knownOf } from './known.ts';
import { isBusy } from './lock-directory.ts';
import { DatabaseUnusable } from './open-database.ts';
import { stateMigrations } from './state-schema.ts';

/** Short: an agent that writes is soon done, and who asks does not wait for one that hangs. */
const busyMs = 500;

/** Throws DatabaseUnusable for what a later version made, else what the system throws (`ENOENT`, SQLite's errors). */
export function openReadOnly(directory: string): DatabaseSync {
  const path = join(directory, 'sidelight.db');
  // Says why not, where SQLite has one word for all; and a FIFO would be waited for.
  if (!statSync(path).isFile()) throw new DatabaseUnusable('corrupt');
  const db = new DatabaseSync(
    // Without a log nobody has it open, and nothing is missed; SQLite would make one, only to read.
    existsSync(`${path}-wal`) ? path : immutable(path),
    { readOnly: true, timeout: busyMs },
  );
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > stateMigrations.length) throw new DatabaseUnusable('newer-schema');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** https://sqlite.org/uri.html#uriimmutable */
function immutable(path: string): URL {
  const segments = resolve(path).split('/').map(encodeURIComponent);
  return new URL(`file://${segments.join('/')}?immutable=1`);
}

/**
 * Whether an agent runs with the directory. `none`: no agent ever left a lock, or it cannot be read. `untold`: an agent could
 * not take it either, and may run without.
 */
export type LockStanding = 'held' | 'free' | 'none' | 'untold';

export function lockStanding(directory: string): LockStanding {
  const path = join(directory, 'lock.db');
  try {
    if (!statSync(path).isFile()) return 'none';
    const db = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    try {
      // Its holder has it for itself alone, so that it cannot even be read.
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
    } finally {
      db.close();
    }
  } catch (error) {
    return isBusy(error) ? 'held' : 'none';
  }
  return canWrite(path) ? 'free' : 'untold';
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Undefined where nothing can be read. */
export function knownReadOnly(directory: string): Known | undefined {
  try {
    const db = openReadOnly(directory);
    try {
      return knownOf(db);
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

/** Whom reports wait for, whom some were lost for, and who took some, in the order of their names. */
export function receiverNames(db: DatabaseSync): readonly string[] {
  const select = db.prepare(
    `SELECT home AS name FROM delivery UNION SELECT home FROM loss
    UNION SELECT substr(name, 14) FROM fact WHERE name LIKE 'last-success %' ORDER BY 1 LIMIT 100`,
  );
  return select.all().map(({ name }) => String(name));
}

/** Undefined when no agent ever had this database. */
export function knownAgentId(db: DatabaseSync): string | undefined {
  const value = db.prepare("SELECT value FROM fact WHERE name = 'agent-id'").get()?.['value'];
  return value === undefined ? undefined : String(value);
}
