/** Notices that a log file was moved away or removed, for those who rotate logs without a signal. */
import { fstat } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';

const ofDescriptor = promisify(fstat);

/** Between two looks. */
const everyMs = 2_000;

/** Calls back while the descriptor's file is not what stands under the path. The returned function ends it. */
export function watchMoved(
  path: string,
  descriptor: () => number,
  clock: Clock,
  onMoved: () => void,
): () => void {
  let ended = false;
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    if (await isMoved(path, descriptor())) if (!ended) onMoved();
    if (!ended) cancel = clock.after(everyMs, () => void look());
  };
  cancel = clock.after(everyMs, () => void look());
  return () => {
    ended = true;
    cancel();
  };
}

async function isMoved(path: string, descriptor: number): Promise<boolean> {
  try {
    const [there, ours] = await Promise.all([stat(path), ofDescriptor(descriptor)]);
    return there.ino !== ours.ino || there.dev !== ours.dev;
  } catch (error) {
    // Whatever else is wrong, opening it again would not mend it.
    return errorCode(error) === 'ENOENT';
  }
}
