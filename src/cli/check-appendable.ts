/** Whether lines can be appended to a file, found out before anything starts that would need it. */
import { closeSync, openSync } from 'node:fs';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import { refuseForeignLink } from './refuse-foreign-link.ts';

/** Makes the file where there is none, for its owner only. Throws CannotRun. */
export function checkAppendable(path: string, where: string): void {
  try {
    refuseForeignLink(path);
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const what = `cannot append to "${sanitise(path)}" (${errorCode(error)})`;
    const expected = 'a file in a directory that can be written';
    throw new CannotRun([{ where, what, expected }], { cause: error });
  }
}
