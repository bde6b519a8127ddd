/** Opens what an agent keeps between its lives: `sidelight.db` in the state directory, or memory where there is none. */
import { accessSync, constants } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { type Account, openAccount, readAccount } from './account.ts';
import { type HeldMark, openHeldMark } from './held-mark.ts';
import { type Known, nothingKnown } from './known.ts';
import { lockDirectory } from './lock-directory.ts';
import { makeDirectory } from './make-directory.ts';
import type { DatabaseFault } from './open-database.ts';
import { DatabaseUnusable, isDamage, openDatabase } from './open-database.ts';
import { knownReadOnly } from './read-only.ts';
import { type Damage, openOrReplace, replace } from './replace-database.ts';
import { stateMigrations } from './state-schema.ts';
import { carryOver, takeOver } from './take-over.ts';

export interface StateOptions {
  /** Absent: nothing is kept. */
  readonly directory?: string;
  /** Whether this process is the directory's one agent (`run`) or a guest that may come while it runs (`check`). */
  readonly exclusive: boolean;
  readonly clock: Clock;
  /** Told of a database that proved damaged later than at the opening. Must not throw. */
  readonly onDamage?: (damage: Damage) => void;
  /** Told when a directory can be used that could not be at the opening. Must not throw. */
  readonly onDisk?: () => void;
}

/** Hold on to it until `close`: an unreachable one is collected, and its lock with it. */
export interface OpenState {
  /** Another one after `recover` and `askDisk`: whoever keeps statements asks whether it is still theirs. */
  readonly db: DatabaseSync;
  /** False: everything is in memory and ends with the process. */
  readonly durable: boolean;
  /** Why it is not durable. */
  readonly reason?: MemoryReason;
  /** Whether the directory is asked again, of the one agent only: `db` is then in memory, and takes no reports. */
  readonly isWaiting: boolean;
  /** How many reports wait for each receiver where they cannot be read as long as it is waiting. */
  readonly outOfReach: Known['waiting'];
  /** Of the database that was found at the opening. */
  readonly damage?: Damage;
  /** Whether this is the directory's one agent. */
  readonly exclusive: boolean;
  /** Whether no other agent can begin here meanwhile. */
  readonly isLocked: boolean;
  /** Of the one agent, where there is a directory. */
  readonly mark?: HeldMark;
  /** Where there is a directory that can be written. */
  readonly account?: Account;
  /** Whether, because of this error, a damaged database was set aside and `db` is a new one, with what could be saved: of the one agent only. */
  recover(error: unknown): boolean;
  /** Whether `db` takes reports; where the directory could not be used, it is asked again. */
  askDisk(): boolean;
  close(): void;
}

export interface MemoryReason {
  /** `corrupt`: damaged, and the agent that runs with it must set it aside, not a guest. */
  readonly code: 'no-directory' | DatabaseFault;
  /** errno or SQLite's name, where the system gave one. */
  readonly error?: string;
}

/** An agent that waits looks at nothing meanwhile; what cannot be written is held in memory. A guest has the time. */
const agentBusyMs = 250;

/** Throws CannotRun only when another agent runs with the directory; every other trouble ends in memory, with its reason. */
export function openState(options: StateOptions): OpenState {
  const { directory, exclusive } = options;
  return directory === undefined ? inMemory(exclusive) : new DirectoryState(directory, options);
}

function inMemory(exclusive: boolean): OpenState {
  const db = openDatabase(':memory:', stateMigrations);
  return {
    db,
    durable: false,
    exclusive,
    reason: { code: 'no-directory' },
    isWaiting: false,
    isLocked: false,
    outOfReach: {},
    recover: () => false,
    askDisk: () => true,
    close: () => db.close(),
  };
}

class DirectoryState implements OpenState {
  readonly exclusive: boolean;
  damage?: Damage;
  reason?: MemoryReason;
  mark?: HeldMark;
  account?: Account;
  outOfReach: Known['waiting'] = {};
  readonly #directory: string;
  readonly #options: StateOptions;
  #unlock: (() => void) | undefined;
  #db: DatabaseSync;

  constructor(directory: string, options: StateOptions) {
    this.#directory = directory;
    this.#options = options;
    this.exclusive = options.exclusive;
    try {
      this.#db = this.#open((damage) => {
        this.damage = damage;
      });
    } catch (error) {
      if (error instanceof CannotRun) {
        this.#release();
        throw error;
      }
      this.#db = this.#goOnInMemory(memoryReason(error, directory));
    }
  }

  get db(): DatabaseSync {
    return this.#db;
  }

  get durable(): boolean {
    return this.reason === undefined;
  }

  get isWaiting(): boolean {
    return this.exclusive && this.reason?.code === 'not-writable';
  }

  get isLocked(): boolean {
    return this.#unlock !== undefined;
  }

  recover(error: unknown): boolean {
    if (!this.exclusive || !this.durable || !isDamage(this.#db, error)) return false;
    try {
      const { db, damage } = replace(this.#place(), this.#db);
      this.#db = this.#configured(db);
      this.#options.onDamage?.(damage);
      return true;
    } catch (failure) {
      // Closed: the new one could not take its place, and is finished by the next question.
      if (!this.#db.isOpen) this.#db = this.#goOnInMemory(memoryReason(failure, this.#directory));
      return false;
    }
  }

  askDisk(): boolean {
    if (!this.isWaiting) return true;
    try {
      const { onDamage, onDisk } = this.#options;
      // An agent that waits for another's lock looks at nothing meanwhile.
      const db = this.#open((damage) => onDamage?.(damage), 0);
      try {
        carryOver(this.#db, db);
      } catch (error) {
        db.close();
        throw error;
      }
      this.#db.close();
      this.#db = db;
      delete this.reason;
      this.outOfReach = {};
      onDisk?.();
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#db.close();
    this.#release();
  }

  /** Step by step, and what an earlier attempt got is ours still. */
  #open(onDamage: (damage: Damage) => void, waitMs?: number): DatabaseSync {
    const directory = this.#directory;
    makeDirectory(directory);
    if (this.exclusive) {
      this.#unlock ??= lockDirectory(directory, waitMs) ?? refuse(directory);
      this.mark ??= openHeldMark(directory);
    }
    if (!this.account) this.#openAccount();
    const { db, damage } = openOrReplace(this.#place(), this.exclusive);
    if (damage) onDamage(damage);
    return this.#configured(db);
  }

  /** A guest may write the database alone, as with a volume's group. */
  #openAccount(): void {
    try {
      this.account = openAccount(this.#directory);
    } catch (error) {
      if (this.exclusive) throw error;
    }
  }

  #place() {
    return {
      directory: this.#directory,
      clock: this.#options.clock,
      account: this.account,
    };
  }

  #configured(db: DatabaseSync): DatabaseSync {
    if (this.exclusive) db.exec(`PRAGMA busy_timeout = ${agentBusyMs}`);
    return db;
  }

  /**
   * Under the same name and with the next numbers, where they can be noted: without a mark the next life could not tell
   * which of them were given, and another name is better than a number that is used twice.
   */
  #goOnInMemory(reason: MemoryReason): DatabaseSync {
    this.reason = reason;
    const db = openDatabase(':memory:', stateMigrations);
    if (!this.isWaiting || !this.mark) return db;
    const { waiting, ...known } =
      this.account?.read() ??
      readAccount(this.#directory) ??
      knownReadOnly(this.#directory) ??
      nothingKnown;
    takeOver(db, { ...known, waiting: {} });
    this.outOfReach = waiting;
    return db;
  }

  #release(): void {
    this.mark?.close();
    this.account?.close();
    this.#unlock?.();
  }
}

function memoryReason(error: unknown, directory: string): MemoryReason {
  const { fault, cause } =
    error instanceof DatabaseUnusable ? error : { fault: 'not-writable' as const, cause: error };
  if (cause === undefined) return { code: fault };
  const denied = fault === 'not-writable' ? whyDenied(directory) : undefined;
  return { code: fault, error: denied ?? codeOf(cause) };
}

function codeOf(cause: unknown): string {
  const { errcode } = cause as { errcode?: unknown };
  return typeof errcode === 'number' ? `SQLITE_${errcode}` : errorCode(cause);
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
