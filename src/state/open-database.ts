/** Opens one SQLite file for keeps: private to its owner, durable at every commit, brought to the newest schema. */
import { chmodSync, closeSync, constants, lstatSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../base/cannot-run.ts';

/** Why a file cannot be used. `newer-schema`: a later version of this program wrote it. */
export type DatabaseFault = 'corrupt' | 'not-writable' | 'newer-schema';

export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
  readonly fault: DatabaseFault;

  constructor(fault: DatabaseFault, options?: ErrorOptions) {
    super(fault, options);
    this.fault = fault;
  }
}

/** How long one process waits for another's transaction. */
const busyTimeoutMs = 5_000;

export interface OpenOptions {
  /** Whether every page is looked at first: 25 ms for 64 MiB, too long for a database without bounds. */
  readonly verify: boolean;
}

/**
 * `migrations[n]` is the SQL that takes a database from user_version n to n + 1; earlier ones are never edited.
 * Throws DatabaseUnusable.
 */
export function openDatabase(
  path: string,
  migrations: readonly string[],
  { verify }: OpenOptions = { verify: true },
): DatabaseSync {
  try {
    if (path !== ':memory:') makePrivateFile(path);
    for (const beside of ['-wal', '-shm', '-journal']) requireOwnName(path + beside);
    const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
    try {
      configure(db);
      if (verify) verifyPages(db);
      transaction(db, () => migrate(db, migrations));
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseUnusable) throw error;
    const fault = isCorruption(error) ? 'corrupt' : 'not-writable';
    throw new DatabaseUnusable(fault, { cause: error });
  }
}

/** Runs `work` in one transaction: all of it is on disk when this returns, or none of it. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** https://sqlite.org/rescode.html */
const sqliteCodes = {
  error: 1,
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

/** SQLITE_IOERR_SHORT_READ and SQLITE_IOERR_CORRUPTFS: the file ends before its pages do, or its file system is damaged. */
const cutOffCodes: readonly number[] = [522, 8458];

export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error);
  if (code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase) return true;
  return cutOffCodes.includes((error as { errcode?: number } | null | undefined)?.errcode ?? 0);
}

/** Whether this error comes of the file and not of the statement: one that was cut off may read as one without tables. */
export function isDamage(db: DatabaseSync, error: unknown): boolean {
  if (isCorruption(error)) return true;
  if (sqliteCode(error) !== sqliteCodes.error) return false;
  try {
    return userVersion(db) === 0;
  } catch {
    return true;
  }
}

/** Whether the disk, and not the statement, is to blame: full, failing, read-only, damaged, out of reach, or held by another process. */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof DatabaseUnusable) return true;
  const code = sqliteCode(error);
  return code !== sqliteCodes.error && Object.values(sqliteCodes).some((each) => each === code);
}

/** The primary result code, without its extension; undefined for errors of other origin. */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** SQLite would create it readable by all; its -wal and -shm take over the mode of the file. */
export function makePrivateFile(path: string): void {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    closeSync(openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    requireOwnName(path);
    // By path: closing a descriptor of an open database drops this process's locks on it (fcntl).
    tightenMode(path);
  }
}

/** A link, of either kind, may lead anywhere that somebody else wants us to write. */
function requireOwnName(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || (found.isFile() && found.nlink <= 1)) return;
  throw Object.assign(new Error('a link, or no file'), {
    code: found.isFile() ? 'EMLINK' : 'EEXIST',
  });
}

function tightenMode(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // Somebody else's file that we may still write, as with a volume's group: no reason to stop.
  }
}

function configure(db: DatabaseSync): void {
  // It takes effect only before the first table; said again, it would write and sync a page at every opening.
  if (userVersion(db) === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL');
  // FULL syncs the log at every commit: what was added survives a power cut (0.3 ms a commit, measured on a virtual disk).
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA journal_size_limit = 4194304');
}

function verifyPages(db: DatabaseSync): void {
  const [check] = db.prepare('PRAGMA quick_check(1)').all();
  if (check?.['quick_check'] !== 'ok') throw new DatabaseUnusable('corrupt');
}

/** Inside a write transaction even when nothing is to do: that is what tells a read-only file now and not at the first report. */
function migrate(db: DatabaseSync, migrations: readonly string[]): void {
  const version = userVersion(db);
  if (version > migrations.length) throw new DatabaseUnusable('newer-schema');
  // Nothing written is nothing to sync: a millisecond before every verdict.
  if (version === migrations.length) return;
  for (const sql of migrations.slice(version)) db.exec(sql);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** 0 when no migration has been made. */
function userVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
