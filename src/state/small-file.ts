/** Small files of a fixed size beside the database: made once, written over in place, so that a full disk does not matter. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';

/** For reading and writing, made where it is missing. Throws the system's error, `EMLINK` for a file with another name elsewhere. */
export function openOwnFile(path: string): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  if (fstatSync(descriptor).nlink <= 1) return descriptor;
  closeSync(descriptor);
  throw Object.assign(new Error('a file with another name elsewhere'), { code: 'EMLINK' });
}
