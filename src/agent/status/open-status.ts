/** The running agent's door for `sidelight status`: in its state directory, or where who looks for that finds it too; no reason to stop where it cannot be. */
import { errorCode } from '../../base/cannot-run.ts';
import type { EventsDropped } from '../../report/report.ts';
import type { Agent } from '../agent.ts';
import type { Ports } from '../ports.ts';
import { describeAgent } from './describe-agent.ts';
import { makePlaceOutside, socketIn, socketOutside } from './socket.ts';

export interface StatusDoor {
  close(): Promise<void>;
}

const shut: StatusDoor = { close: async () => {} };

/** Without a directory of its own there is no place where it would be looked for, and the log has said so. */
export async function openStatus(
  agent: Pick<Agent, 'standing'>,
  eventsDropped: () => EventsDropped,
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
): Promise<StatusDoor> {
  const { directory, state } = agent.standing();
  if (directory === undefined) return shut;
  const { serveStatus } = await import('./serve-status.ts');
  const { askStatus } = await import('./ask-status.ts');
  const describe = () =>
    describeAgent(agent.standing(), {
      nowMs: clock.now(),
      pid: process.pid,
      memoryBytes: process.memoryUsage.rss(),
      eventsDropped: eventsDropped(),
    });
  /** Nobody has a lock there: another agent may be asked at that place already. */
  const outside = async (): Promise<StatusDoor> => {
    makePlaceOutside();
    const place = socketOutside(directory);
    if (await askStatus(directory, clock)) throw taken;
    return serveStatus(place, clock, describe);
  };
  try {
    // Without the lock the place in the directory may be another agent's.
    if (!state.isLocked) return await outside();
    return await serveStatus(socketIn(directory), clock, describe);
  } catch (error) {
    log.warn('sidelight status cannot ask this agent', { code: errorCode(error) });
    return shut;
  }
}

const taken = Object.assign(new Error('another agent answers'), { code: 'EADDRINUSE' });
