/** Why a directory could not be made, where Node only says that something above it is missing. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../base/cannot-run.ts';

/**
 * `mkdirSync` with `recursive` gives ENOENT for a file system that is read-only; the nearest directory that
 * exists says EROFS, or EACCES. Undefined when it may be written: then the reason is another.
 */
export function whyNotWritable(directory: string): string | undefined {
  let nearest = directory;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}
