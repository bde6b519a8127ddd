/** Opens `sidelight.db`, and puts another in its place where it proves damaged, with all that can be saved of it. */
import { lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import { isoTime } from '../base/clock.ts';
import type { Account } from './account.ts';
import type { Known } from './known.ts';
import { lockDirectory } from './lock-directory.ts';
import { DatabaseUnusable, openDatabase } from './open-database.ts';
import { stateMigrations } from './state-schema.ts';
import { type TakenOver, takeOver } from './take-over.ts';

/** A database that was damaged, or gone. */
export interface Damage extends TakenOver {
  /** Where it went; absent where there was none any more. */
  readonly setAside?: string;
}

export interface Opened {
  readonly db: DatabaseSync;
  /** When a new one was begun in its place. */
  readonly damage?: Damage;
}

export interface Place {
  readonly directory: string;
  readonly clock: Clock;
  readonly account: Account | undefined;
}

const fileName = 'sidelight.db';

/** `locked`: whether the directory's lock is ours. Throws DatabaseUnusable, and what the disk says to a new file. */
export function openOrReplace(place: Place, locked: boolean): Opened {
  try {
    return { db: openWhole(place) };
  } catch (error) {
    if (!(error instanceof DatabaseUnusable && error.fault === 'corrupt')) throw error;
    if (locked) return replace(place);
    const unlock = lockDirectory(place.directory);
    // A guest leaves the file to the agent that has it open.
    if (!unlock) throw error;
    try {
      return replaceStill(place);
    } finally {
      unlock();
    }
  }
}

/** Another guest may have been here while we waited for the lock. */
function replaceStill(place: Place): Opened {
  try {
    return { db: openWhole(place) };
  } catch {
    return replace(place);
  }
}

function openWhole({ directory, account }: Place): DatabaseSync {
  const path = join(directory, fileName);
  if (isEmpty(path) && (isOfSomebody(account?.read()) || isThere(`${path}.new`))) {
    throw new DatabaseUnusable('corrupt');
  }
  return openDatabase(path, stateMigrations);
}

/** No file, or nothing in it: where an agent was before, that is damage and no beginning. */
function isEmpty(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return !found || (found.isFile() && found.size === 0);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isOfSomebody(known: Known | undefined): boolean {
  return known !== undefined && (known.sequence > 0 || Object.hasOwn(known.facts, 'agent-id'));
}

/**
 * The new one is whole on disk before the damaged one gives way, so that it matters nowhere when we are killed.
 * `inUse`: the damaged one, where it is open; it is closed only when there is another. Throws what the disk says.
 */
export function replace(place: Place, inUse?: DatabaseSync): Required<Opened> {
  const { directory, clock, account } = place;
  const path = join(directory, fileName);
  const fresh = `${path}.new`;
  // We were killed between the two steps at the end: it is whole.
  const isDone = !isThere(path) && isThere(fresh);
  const taken = isDone ? { saved: 0, lost: 0 } : build(fresh, path, account?.read());
  const setAside = isThere(path) ? moveAside(directory, clock) : undefined;
  try {
    inUse?.close();
  } catch {
    // It is the file that was set aside which would have been written.
  }
  renameSync(fresh, path);
  const db = openDatabase(path, stateMigrations);
  return { db, damage: { ...(setAside !== undefined && { setAside }), ...taken } };
}

function build(fresh: string, damaged: string, known: Known | undefined): TakenOver {
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(fresh + suffix, { force: true });
  };
  remove();
  try {
    const db = openDatabase(fresh, stateMigrations);
    try {
      return takeOver(db, known, isEmpty(damaged) ? undefined : damaged);
    } finally {
      db.close();
    }
  } catch (error) {
    remove();
    throw error;
  }
}

/** Keeps one damaged database, the latest, so that repeated damage cannot fill the disk. */
function moveAside(directory: string, clock: Clock): string {
  const earlier = readdirSync(directory).filter((name) => name.startsWith(`${fileName}.corrupt-`));
  for (const name of earlier) rmSync(join(directory, basename(name)), { force: true });
  const path = join(directory, fileName);
  const aside = `${path}.corrupt-${isoTime(clock.now()).replaceAll(/[-:.]/g, '')}`;
  renameSync(path, aside);
  // The log belongs to the damaged file: a new database must not replay it.
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  return aside;
}
