/** Makes a directory, private to its owner, with all that is missing above it. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../base/cannot-run.ts';

/**
 * Throws the errno of the step that failed. `mkdirSync` with `recursive` does neither: it gives ENOENT for a file system
 * that is read-only, and never ends where a directory exists in which none can be made and the system calls that
 * ENOENT, as below /proc (Node 24.21.0).
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    const above = dirname(path);
    if (errorCode(error) !== 'ENOENT' || existsSync(above)) throw error;
    makeDirectory(above);
    mkdirSync(path, { mode: 0o700 });
  }
}
