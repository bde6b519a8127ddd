/** A file that appears whole or not at all, readable by its owner only. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import { refuseForeignLink } from './refuse-foreign-link.ts';

export interface OutputFile {
  /** Puts the whole content in place. Throws CannotRun when the system refuses. */
  commit(content: string | Uint8Array): void;
  /** Leaves what was there before; does nothing after a commit. */
  discard(): void;
}

/**
 * Opens beside the final place before any work is done, so that a wrong path is told at once.
 * `suffix` must be new each time. Throws CannotRun.
 */
export function openOutputFile(path: string, suffix: string): OutputFile {
  return guarded(path, () => {
    const place = placeOf(path);
    if (place.isSpecial) return intoSpecial(path, place.path);
    const temporary = `${place.path}.${suffix}.tmp`;
    // Held open: whatever is put in its place meanwhile is not written to.
    const descriptor = openSync(temporary, 'wx', 0o600);
    let isOpen = true;
    return {
      commit: (content) => {
        isOpen = false;
        guarded(path, () => replace(place.path, temporary, descriptor, content));
      },
      discard: () => {
        if (isOpen) closeSync(descriptor);
        isOpen = false;
        rmSync(temporary, { force: true });
      },
    };
  });
}

function replace(
  path: string,
  temporary: string,
  descriptor: number,
  content: string | Uint8Array,
): void {
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

/** A pipe or a terminal cannot be replaced, only written to. */
function intoSpecial(named: string, path: string): OutputFile {
  return {
    commit: (content) => guarded(named, () => writeFileSync(path, content)),
    discard: () => undefined,
  };
}

/** Where the octets go in the end: behind symbolic links, which stay. */
function placeOf(path: string): { readonly path: string; readonly isSpecial: boolean } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return { path, isSpecial: false };
  refuseForeignLink(path);
  const real = realpathSync(path);
  const seen = lstatSync(real);
  if (seen.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  return { path: real, isSpecial: !seen.isFile() };
}

function guarded<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const what = `cannot write "${sanitise(path)}" (${errorCode(error)})`;
    const expected = 'a file in a directory that can be written';
    throw new CannotRun([{ where: '--output', what, expected }], { cause: error });
  }
}
