/** Whether a state directory could be used, found out without a trace. */
import { accessSync, constants, lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** True: it is there or could be made, and may be written. What stands where everybody may make something has to be ours. */
export function canKeepIn(directory: string): boolean {
  try {
    const found = lstatSync(directory, { throwIfNoEntry: false });
    return found ? mayWrite(directory) && isTrusted(found, directory) : mayMake(directory);
  } catch {
    return false;
  }
}

/** Throws when it may not. */
function mayWrite(directory: string): boolean {
  accessSync(directory, constants.W_OK | constants.X_OK);
  return statSync(directory).isDirectory();
}

function mayMake(directory: string): boolean {
  const above = dirname(directory);
  return lstatSync(above, { throwIfNoEntry: false }) ? mayWrite(above) : mayMake(above);
}

const writableByAll = 0o002;

/** Of a link, its owner counts: it may lead anywhere. */
function isTrusted({ uid }: Stats, directory: string): boolean {
  return uid === process.geteuid?.() || (statSync(dirname(directory)).mode & writableByAll) === 0;
}
