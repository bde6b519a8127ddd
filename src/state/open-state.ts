/** Opens what an agent keeps between its lives: `sidelight.db` in the state directory, or memory where there is none. */
import { accessSync, constants, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { isoTime } from '../base/clock.ts';
import { type HeldMark, openHeldMark } from './held-mark.ts';
import { lockDirectory } from './lock-directory.ts';
import { makeDirectory } from './make-directory.ts';
import type { DatabaseFault } from './open-database.ts';
import { DatabaseUnusable, isCorruption, openDatabase } from './open-database.ts';
import { stateMigrations } from './state-schema.ts';

export interface StateOptions {
  /** Absent: nothing is kept. */
  readonly directory?: string;
  /** Whether this process is the directory's one agent (`run`) or a guest that may come while it runs (`check`). */
  readonly exclusive: boolean;
  readonly clock: Clock;
  /** Told where a database went that proved damaged while it was in use. Must not throw. */
  readonly onDamage?: (setAside: string) => void;
}

/** Hold on to it until `close`: an unreachable one is collected, and its lock with it. */
export interface OpenState {
  /** Another one after `recover`: whoever keeps statements asks whether it is still theirs. */
  readonly db: DatabaseSync;
  /** False: everything is in memory and ends with the process. */
  readonly durable: boolean;
  /** Why it is not durable. */
  readonly reason?: MemoryReason;
  /** Where a damaged database went, when a new one was begun in its place. */
  readonly setAside?: string;
  /** Whether this is the directory's one agent. */
  readonly exclusive: boolean;
  /** Of the one agent, where there is a directory. */
  readonly mark?: HeldMark;
  /** Whether, because of this error, a damaged database was set aside and `db` is a new and empty one: of the one agent only. */
  recover(error: unknown): boolean;
  close(): void;
}

export interface MemoryReason {
  /** `corrupt`: damaged, and the agent that runs with it must set it aside, not a guest. */
  readonly code: 'no-directory' | DatabaseFault;
  /** errno or SQLite's name, where the system gave one. */
  readonly error?: string;
}

const fileName = 'sidelight.db';

/** An agent that waits looks at nothing meanwhile; what cannot be written is held in memory. A guest has the time. */
const agentBusyMs = 250;

/** Throws CannotRun only when another agent runs with the directory; every other trouble ends in memory, with its reason. */
export function openState(options: StateOptions): OpenState {
  const { directory, exclusive, clock } = options;
  if (directory === undefined) return inMemory({ code: 'no-directory' }, exclusive);
  let unlock: (() => void) | undefined;
  let mark: HeldMark | undefined;
  try {
    makeDirectory(directory);
    if (exclusive) unlock = lockDirectory(directory) ?? refuse(directory);
    if (exclusive) mark = openHeldMark(directory);
    const opened = openOrBeginAnew(directory, exclusive, clock);
    return onDisk(opened, directory, options, mark, unlock);
  } catch (error) {
    mark?.close();
    unlock?.();
    if (error instanceof CannotRun) throw error;
    return inMemory(memoryReason(error, directory), exclusive);
  }
}

interface Opened {
  readonly db: DatabaseSync;
  readonly setAside?: string;
}

function onDisk(
  { db: first, setAside }: Opened,
  directory: string,
  { exclusive, clock, onDamage }: StateOptions,
  mark: HeldMark | undefined,
  unlock: (() => void) | undefined,
): OpenState {
  let db = first;
  let durable = true;
  if (exclusive) db.exec(`PRAGMA busy_timeout = ${agentBusyMs}`);
  return {
    get db() {
      return db;
    },
    get durable() {
      return durable;
    },
    exclusive,
    ...(setAside !== undefined && { setAside }),
    ...(mark && { mark }),
    recover: (error) => {
      if (!exclusive || !isCorruption(error)) return false;
      try {
        const renewed = renew(db, directory, clock);
        db = renewed.db;
        durable = renewed.durable;
        onDamage?.(renewed.setAside);
        return true;
      } catch {
        return false;
      }
    },
    close: () => {
      db.close();
      mark?.close();
      unlock?.();
    },
  };
}

/** In memory where not even a new file can be made. Throws when the damaged one cannot be moved: then nothing has changed. */
function renew(
  damaged: DatabaseSync,
  directory: string,
  clock: Clock,
): Required<Opened> & { readonly durable: boolean } {
  const setAside = moveAside(directory, clock);
  try {
    damaged.close();
  } catch {
    // It is the file that was set aside which would have been written.
  }
  try {
    const db = openDatabase(join(directory, fileName), stateMigrations);
    db.exec(`PRAGMA busy_timeout = ${agentBusyMs}`);
    return { db, setAside, durable: true };
  } catch {
    return { db: openDatabase(':memory:', stateMigrations), setAside, durable: false };
  }
}

function inMemory(reason: MemoryReason, exclusive: boolean): OpenState {
  const db = openDatabase(':memory:', stateMigrations);
  return {
    db,
    durable: false,
    exclusive,
    reason,
    recover: () => false,
    close: () => db.close(),
  };
}

function memoryReason(error: unknown, directory: string): MemoryReason {
  const { fault, cause } =
    error instanceof DatabaseUnusable ? error : { fault: 'not-writable' as const, cause: error };
  if (cause === undefined) return { code: fault };
  const denied = fault === 'not-writable' ? whyDenied(directory) : undefined;
  return { code: fault, error: denied ?? errorCode(cause) };
}

/** What the system says, where SQLite has one word for all that keeps it from writing. */
function whyDenied(directory: string): string | undefined {
  try {
    accessSync(directory, constants.W_OK);
    return undefined;
  } catch (error) {
    // Not even made: then the first error says why.
    return errorCode(error) === 'ENOENT' ? undefined : errorCode(error);
  }
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

function openOrBeginAnew(directory: string, locked: boolean, clock: Clock): Opened {
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
