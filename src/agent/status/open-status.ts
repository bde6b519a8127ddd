/** The running agent's door for `sidelight status`: open where it has a state directory, and no reason to stop where it cannot be. */
import { errorCode } from '../../base/cannot-run.ts';
import type { EventsDropped } from '../../report/report.ts';
import type { Agent } from '../agent.ts';
import type { Ports } from '../ports.ts';
import { describeAgent } from './describe-agent.ts';

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
  if (directory === undefined || !state.durable) return shut;
  const { serveStatus } = await import('./serve-status.ts');
  const describe = () =>
    describeAgent(agent.standing(), {
      nowMs: clock.now(),
      pid: process.pid,
      memoryBytes: process.memoryUsage.rss(),
      eventsDropped: eventsDropped(),
    });
  try {
    return await serveStatus(directory, clock, describe);
  } catch (error) {
    log.warn('sidelight status cannot ask this agent', { code: errorCode(error) });
    return shut;
  }
}
