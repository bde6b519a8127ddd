/** How an agent stands: as it says itself, or, when it does not answer, as its state directory shows. */
import type { Clock } from '../../base/clock.ts';
import type { Status } from '../../report/status.ts';
import { askStatus } from './ask-status.ts';
import { readStatus } from './read-status.ts';

/** `directory`: the agent's state directory, where one is known. Changes nothing there. */
export async function statusOf(directory: string | undefined, clock: Clock): Promise<Status> {
  const said = directory === undefined ? undefined : await askStatus(directory, clock);
  return said ?? readStatus(directory, clock);
}
