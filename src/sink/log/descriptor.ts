/** Standard output and error, opened so that a reader who stops reading stops nothing of ours. */
import { constants, fstatSync, openSync } from 'node:fs';

export interface Descriptor {
  readonly fd: number;
  /** Whether a write may wait for the reader, and with it the thread that writes. */
  readonly mayBlock: boolean;
}

/**
 * A write to a full pipe blocks its thread until somebody reads, and the end of the process waits for that thread.
 * Opened once more a pipe or a terminal can be written without blocking, and whoever shares it with us notices
 * nothing. A socket cannot be opened again, and the flag on itself would be everybody's who writes to it.
 */
export function withoutBlocking(fd: number): Descriptor {
  const kind = fstatSync(fd);
  if (kind.isFile()) return { fd, mayBlock: false };
  if (!kind.isFIFO() && !kind.isCharacterDevice()) return { fd, mayBlock: true };
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return {
      fd: openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY),
      mayBlock: false,
    };
  } catch {
    // Another user's, or no /proc: the blocking one it is.
    return { fd, mayBlock: true };
  }
}
