/** `run`: the agent for as long as it is wanted, with what signals ask of it. */
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Config } from '../config/config.ts';
import type { EventsDropped } from '../report/report.ts';
import { Agent } from './agent.ts';
import { type EventOutputs, openEventOutputs } from './event-outputs.ts';
import { openMetricsOutputs } from './metrics-outputs.ts';
import type { Ports } from './ports.ts';
import { openStatus } from './status/open-status.ts';

/** Each registers a listener and gives the function that takes it away again. */
export interface RunSignals {
  readonly onReload: (listener: () => void) => () => void;
  readonly onProbeNow: (listener: () => void) => () => void;
  /** Loads the configuration anew; throws CannotRun. */
  readonly load: () => Config;
}

/** Everything that ends with us is written or kept within this time. */
const closingMs = 500;

/**
 * Resolves when `ports.signal` is aborted and all is kept; false: a reader that reads nothing holds up the end of the
 * process. Throws CannotRun when it cannot begin.
 */
export async function runAgent(
  config: Config,
  ports: Ports,
  signals: RunSignals,
): Promise<boolean> {
  const events = await openEventOutputs(config, ports);
  let canEnd = true;
  try {
    await runWith(events, config, ports, signals);
  } finally {
    canEnd = await events.close(closingMs);
  }
  const counts: readonly number[] = Object.values(events.dropped());
  ports.log.info('ended', { eventsDropped: counts.reduce((sum, count) => sum + count, 0) });
  return canEnd;
}

async function runWith(
  events: EventOutputs,
  config: Config,
  ports: Ports,
  signals: RunSignals,
): Promise<void> {
  const known: { agent?: Agent } = {};
  const metrics = await openMetricsOutputs(config, ports, () => {
    const delivery = known.agent?.delivery();
    return { ...(delivery && { delivery }), eventsDropped: { ...events.dropped() } };
  });
  try {
    const telemetry = { ...metrics, eventsDropped: () => someOf(events.dropped()) };
    const agent = new Agent(config, ports, events.write, telemetry);
    known.agent = agent;
    const reload = (): void => {
      events.reopen();
      reconfigure(agent, signals, ports).catch((error) => {
        ports.log.warn('the configuration was not taken', { code: errorCode(error) });
      });
    };
    const release = [signals.onReload(reload), signals.onProbeNow(() => agent.probeNow())];
    ports.log.info('started', { targets: config.targets.length });
    const door = await openStatus(agent, events.dropped, ports);
    try {
      await Promise.race([aborted(ports.signal), agent.failed]);
    } finally {
      for (const each of release) each();
      // While the lock of the state directory is still ours.
      await door.close();
      await agent.stop();
      delete known.agent;
    }
  } finally {
    await metrics?.close();
  }
}

/** Undefined where all of them are 0. */
function someOf(dropped: EventsDropped): EventsDropped | undefined {
  const some = Object.entries(dropped).filter(([, count]) => count > 0);
  return some.length > 0 ? Object.fromEntries(some) : undefined;
}

/** A configuration with problems changes nothing: the agent goes on with the one it has. */
async function reconfigure(agent: Agent, { load }: RunSignals, { log }: Ports): Promise<void> {
  try {
    const config = load();
    await agent.reconfigure(config);
    log.info('the configuration was loaded again', { targets: config.targets.length });
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    for (const { where, what, expected } of error.problems) {
      log.warn('the configuration was not taken', { where, what, expected });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
