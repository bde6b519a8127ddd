/** The credential in use: read from its files, read again when one of them has changed, and swapped whole. */
import { type Stats, statSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { TargetConfig } from '../config/config.ts';
import { createContext } from '../credential/create-context.ts';
import type { Credential } from '../credential/credential.ts';
import { loadCredential } from '../credential/load-credential.ts';
import { anchorFilesIn } from '../credential/read-anchors.ts';
import { isCredentialUnusable } from '../evidence/is-credential-unusable.ts';

export interface LoadedCredential {
  readonly credential: Credential;
  /** Absent when our own files cannot be used for a handshake. */
  readonly context?: SecureContext;
}

export class CredentialStore {
  readonly #config: TargetConfig;
  #loaded: LoadedCredential | undefined;
  #loadedFrom = '';

  constructor(config: TargetConfig) {
    this.#config = config;
  }

  /** Reads the files when they have changed since the last call. */
  current(): LoadedCredential {
    const files = this.#stamp();
    if (this.#loaded === undefined || files !== this.#loadedFrom) {
      this.#loaded = loadFor(this.#config);
      this.#loadedFrom = files;
    }
    return this.#loaded;
  }

  /** What the last call of `current` gave. */
  latest(): LoadedCredential {
    return this.#loaded ?? this.current();
  }

  /** Whether there is something newer than what `current` gave last. */
  get hasChanged(): boolean {
    return this.#loaded !== undefined && this.#stamp() !== this.#loadedFrom;
  }

  /** Follows symbolic links, so that a swap of Kubernetes' `..data` shows. */
  #stamp(): string {
    return Object.values(this.#config.credential).map(stampFile).join(' ');
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
export function loadFor({ credential: files, tls }: TargetConfig): LoadedCredential {
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
