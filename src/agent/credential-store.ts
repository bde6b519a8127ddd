/** The credential in use: read from its files, read again when a change of them has settled, and swapped whole. */
import { lstatSync, type Stats, statSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import type { TargetConfig } from '../config/config.ts';
import { createContext } from '../credential/create-context.ts';
import type { Credential } from '../credential/credential.ts';
import { loadCredential, readCredential } from '../credential/load-credential.ts';
import { anchorFilesIn } from '../credential/read-anchors.ts';
import { isCredentialUnusable } from '../evidence/is-credential-unusable.ts';

export interface LoadedCredential {
  readonly credential: Credential;
  /** Absent when our own files cannot be used for a handshake. */
  readonly context?: SecureContext;
}

/** Reads a credential from files that look like this now. */
export type LoadCredential = (config: TargetConfig, stamps: readonly string[]) => LoadedCredential;

/** How the files were when a credential was read from them. */
interface ReadCredential {
  readonly loaded: LoadedCredential;
  readonly stamps: readonly string[];
}

interface Change {
  readonly stamps: readonly string[];
  /** When the files were first seen as they are now. */
  readonly seenMs: number;
}

/** A writer that pauses for longer is done, or was interrupted. */
const settleMs = 1000;
/** Nothing replaces its files more often than they are read, except for as long as a swap takes. */
const maxReads = 5;

/**
 * A change is taken at once when files were replaced whole (a rename, a swap of Kubernetes' `..data`) and what they
 * hold can be used; else when they have rested for a second, whatever they hold then. Until then the credential
 * before stays in use. What cannot be used is taken as well: no connection is made with it, and the reason is told.
 */
export class CredentialStore {
  readonly #config: TargetConfig;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #load: LoadCredential;
  #inUse: ReadCredential | undefined;
  /** Settled, and taken by the next call of `current`. */
  #next: ReadCredential | undefined;
  #change: Change | undefined;

  constructor(
    config: TargetConfig,
    clock: Pick<Clock, 'monotonicMs'>,
    load: LoadCredential = loadFor,
  ) {
    this.#config = config;
    this.#load = load;
    this.#clock = clock;
  }

  /** Takes what has settled since the last call. */
  current(): LoadedCredential {
    const taken = this.#inUse ? this.#settled(this.#inUse) : this.#read();
    if (taken) {
      this.#inUse = taken;
      this.#next = undefined;
      this.#change = undefined;
    }
    return this.latest();
  }

  /** What the last call of `current` gave; undefined before the first. */
  get inUse(): LoadedCredential | undefined {
    return this.#inUse?.loaded;
  }

  /** The same, for those who come after it. */
  latest(): LoadedCredential {
    return this.#inUse?.loaded ?? this.current();
  }

  /** Whether there is something newer, and settled, than what `current` gave last. */
  get hasChanged(): boolean {
    return this.#inUse !== undefined && this.#settled(this.#inUse) !== undefined;
  }

  #settled(inUse: ReadCredential): ReadCredential | undefined {
    if (!this.#next) this.#next = this.#settle(inUse);
    return this.#next;
  }

  #settle(inUse: ReadCredential): ReadCredential | undefined {
    const stamps = this.#stamp();
    if (isSame(stamps, inUse.stamps)) {
      this.#change = undefined;
      return undefined;
    }
    const nowMs = this.#clock.monotonicMs();
    if (!this.#change || !isSame(this.#change.stamps, stamps)) {
      this.#change = { stamps, seenMs: nowMs };
    }
    const hasRested = nowMs - this.#change.seenMs >= settleMs;
    if (!hasRested && !wereReplaced(inUse.stamps, stamps)) return undefined;
    const read = this.#readWhole();
    return hasRested || read?.loaded.context ? read : undefined;
  }

  /** The first time there is nothing else to go on with, so what is there has to do. */
  #read(): ReadCredential {
    return this.#readWhole() ?? { loaded: loadFor(this.#config), stamps: [] };
  }

  /** Undefined when the files changed whenever they were read. */
  #readWhole(): ReadCredential | undefined {
    let stamps = this.#stamp();
    for (let reads = 0; reads < maxReads; reads += 1) {
      const loaded = this.#load(this.#config, stamps);
      const after = this.#stamp();
      if (isSame(stamps, after)) return { loaded, stamps };
      stamps = after;
    }
    return undefined;
  }

  /** Follows symbolic links, and looks at the link itself that Kubernetes swaps: it shows that one came and went. */
  #stamp(): readonly string[] {
    const { lookedFor: _, ...paths } = this.#config.credential;
    return Object.values(paths).map(
      (path) => `${stampFile(path)} ${stampLink(path.replace(/[^/]*$/, '..data'))}`,
    );
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((stamp, index) => stamp === other[index]);
}

/** Whether every file that differs is another file, so that none is being written. */
function wereReplaced(before: readonly string[], now: readonly string[]): boolean {
  return now.every((stamp, index) => {
    const then = before[index] ?? '';
    return stamp === then || (/^\d/.test(stamp) && inodeOf(stamp) !== inodeOf(then));
  });
}

/** A stamp begins with it. */
function inodeOf(stamp: string): string {
  return stamp.slice(0, stamp.indexOf(':'));
}

function stampLink(path: string): string {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats ? stampOf(stats) : '';
  } catch (error) {
    return errorCode(error);
  }
}

/** Of a directory of trust anchors, it is that of all its files: one may be written anew in its place. */
export function stampFile(path: string): string {
  try {
    const seen = statSync(path);
    const within = seen.isDirectory() ? anchorFilesIn(path) : [];
    return [seen, ...within.map((name) => statSync(name, { throwIfNoEntry: false }))]
      .map((stats) => (stats ? stampOf(stats) : 'ENOENT'))
      .join(' ');
  } catch (error) {
    return errorCode(error);
  }
}

const stampOf = ({ ino, size, mtimeMs, ctimeMs }: Stats): string =>
  `${ino}:${size}:${mtimeMs}:${ctimeMs}`;

/** Throws CannotRun when OpenSSL does not know a limit of the handshake that was configured. */
export function loadFor(config: TargetConfig): LoadedCredential {
  return loadAtOnce(config) ?? loadAndTry(config);
}

/** Undefined when anything is wrong. That a context can be made of the pair shows that OpenSSL takes it. */
function loadAtOnce({ credential: files, tls }: TargetConfig): LoadedCredential | undefined {
  const credential = readCredential(files);
  if (isCredentialUnusable(credential.seen)) return undefined;
  try {
    return { credential, context: createContext(credential, tls) };
  } catch {
    // Why not is told by who tries the pair by itself.
    return undefined;
  }
}

function loadAndTry({ credential: files, tls }: TargetConfig): LoadedCredential {
  const credential = loadCredential(files, tls.ciphers);
  if (isCredentialUnusable(credential.seen)) return { credential };
  try {
    return { credential, context: createContext(credential, tls) };
  } catch (error) {
    throw new CannotRun(
      [
        {
          where: '--ciphers, --groups, --signature-algorithms',
          what: `OpenSSL does not take them (${errorCode(error)})`,
          expected: 'names that OpenSSL knows',
        },
      ],
      { cause: error },
    );
  }
}
