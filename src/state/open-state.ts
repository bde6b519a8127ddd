/** Opens what an agent keeps between its lives: `sidelight.db` in the state directory, or memory where there is none. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { isoTime } from '../base/clock.ts';
import { lockDirectory } from './lock-directory.ts';
import type { DatabaseFault } from './open-database.ts';
import { DatabaseUnusable, openDatabase } from './open-database.ts';
import { stateMigrations } from './state-schema.ts';
import { whyNotWritable } from './why-not-writable.ts';

export interface StateOptions {
  /** Absent: nothing is kept. */
  readonly directory?: string;
  /** Whether this process is the directory's one agent (`run`) or a guest that may come while it runs (`check`). */
  readonly exclusive: boolean;
  readonly clock: Clock;
}

/** Hold on to it until `close`: an unreachable one is collected, and its lock with it. */
export interface OpenState {
  readonly db: DatabaseSync;
  /** False: everything is in memory and ends with the process. */
  readonly durable: boolean;
  /** Why it is not durable. */
  readonly reason?: MemoryReason;
  /** Where a damaged database went, when a new one was begun in its place. */
  readonly setAside?: string;
  close(): void;
}

export interface MemoryReason {
  /** `corrupt`: damaged, and the agent that runs with it must set it aside, not a guest. */
  readonly code: 'no-directory' | DatabaseFault;
  /** errno or SQLite's name, where the system gave one. */
  readonly error?: string;
}

const fileName = 'sidelight.db';

/** Throws CannotRun only when another agent runs with the directory; every other trouble ends in memory, with its reason. */
export function openState({ directory, exclusive, clock }: StateOptions): OpenState {
  if (directory === undefined) return inMemory({ code: 'no-directory' });
  let unlock: (() => void) | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (exclusive) unlock = lockDirectory(directory) ?? refuse(directory);
    const { db, setAside } = openOrBeginAnew(directory, exclusive, clock);
    return {
      db,
      durable: true,
      ...(setAside !== undefined && { setAside }),
      close: () => {
        db.close();
        unlock?.();
      },
    };
  } catch (error) {
    unlock?.();
    if (error instanceof CannotRun) throw error;
    return inMemory(memoryReason(error, directory));
  }
}

function inMemory(reason: MemoryReason): OpenState {
  const db = openDatabase(':memory:', stateMigrations);
  return { db, durable: false, reason, close: () => db.close() };
}

function memoryReason(error: unknown, directory: string): MemoryReason {
  if (!(error instanceof DatabaseUnusable)) {
    return { code: 'not-writable', error: whyNotWritable(directory) ?? errorCode(error) };
  }
  const { fault, cause } = error;
  return { code: fault, ...(cause !== undefined && { error: errorCode(cause) }) };
}

function refuse(directory: string): never {
  throw new CannotRun([
    {
      where: '--state-dir',
      what: `another agent runs with ${directory}`,
      expected: 'end that agent first, or give this one a directory of its own',
    },
  ]);
}

function openOrBeginAnew(
  directory: string,
  locked: boolean,
  clock: Clock,
): { readonly db: DatabaseSync; readonly setAside?: string } {
  const path = join(directory, fileName);
  try {
    return { db: openDatabase(path, stateMigrations) };
  } catch (error) {
    if (!(error instanceof DatabaseUnusable && error.fault === 'corrupt')) throw error;
    const unlock = locked ? undefined : lockDirectory(directory);
    // A guest leaves the file to the agent that has it open.
    if (!locked && unlock === undefined) throw error;
    try {
      const setAside = moveAside(directory, clock);
      return { db: openDatabase(path, stateMigrations), setAside };
    } finally {
      unlock?.();
    }
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
