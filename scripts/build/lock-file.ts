/** What the build reads of package-lock.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockedPackage {
  readonly version: string;
  /** `sha512-` and base64: of the archive that the registry serves. */
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  /** By directory: `node_modules/undici`; the project itself is ''. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export function readLockFile(root: string): LockFile {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
}
