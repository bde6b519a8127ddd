/** One agent per state directory: a lock that the system releases when its holder dies, however it dies. */
import { accessSync, constants, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isCorruption, makePrivateFile } from './open-database.ts';

/** Long enough for a predecessor that is ending. */
const usualWaitMs = 1_000;

/** The function that releases the lock, or undefined when another agent holds it. Throws when the directory cannot be written. */
export function lockDirectory(
  directory: string,
  waitMs: number = usualWaitMs,
): (() => void) | undefined {
  const path = join(directory, 'lock.db');
  try {
    return begin(path, waitMs);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    rmSync(path);
    return begin(path, waitMs);
  }
}

function begin(path: string, waitMs: number): (() => void) | undefined {
  makePrivateFile(path);
  // What cannot be written SQLite would lock for reading, which keeps nobody out.
  accessSync(path, constants.W_OK);
  const db = new DatabaseSync(path, { timeout: waitMs });
  try {
    db.exec('PRAGMA journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return () => db.close();
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** SQLITE_BUSY. */
export function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
}
