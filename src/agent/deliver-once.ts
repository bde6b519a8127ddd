/** One report of `check`, taken home now or left in the spool for the agent that runs here. */
import type { HomeConfig } from '../config/config.ts';
import type { Report } from '../report/report.ts';
import type { OpenState } from '../state/open-state.ts';
import { startDelivery } from './home-delivery.ts';
import type { Ports } from './ports.ts';

/** How long somebody waits at the prompt for a home that does not answer. */
const patienceMs = 5000;

export async function deliverOnce(
  report: Report,
  home: HomeConfig,
  state: OpenState,
  ports: Ports,
): Promise<void> {
  const delivery = startDelivery(home, state, ports);
  delivery.add(report);
  await delivery.stop(patienceMs);
  const { waiting } = delivery.stats();
  if (waiting > 0) {
    const where = state.durable ? 'the spool' : 'memory, and are lost with this process';
    ports.log.warn(`home did not take ${waiting} report(s): they stay in ${where}`);
  }
}
