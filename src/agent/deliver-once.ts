/** One report of `check`, taken to its receivers now or left in the spool for the agent that runs here. */
import type { Report } from '../report/report.ts';
import type { OpenState } from '../state/open-state.ts';
import type { Receiver } from './receivers.ts';
import { type DeliveryPorts, startDelivery } from './report-delivery.ts';

/** How long somebody waits at the prompt for a home that does not answer. */
const patienceMs = 5000;

export async function deliverOnce(
  report: Report,
  receivers: readonly Receiver[],
  state: OpenState,
  ports: DeliveryPorts,
): Promise<void> {
  const delivery = startDelivery(receivers, state, ports);
  delivery.add(report);
  await delivery.stop(patienceMs);
  const mine = new Set(receivers.map(({ name }) => name));
  for (const { name, waiting } of delivery.stats().homes) {
    // What waits for a home of the past is no word to whoever waits here.
    if (waiting === 0 || !mine.has(name)) continue;
    const where = state.durable ? 'the spool' : 'memory, and are lost with this process';
    const who = name === 'home' ? 'home' : `"${name}"`;
    ports.log.warn(`${who} did not take ${waiting} report(s): they stay in ${where}`);
  }
}
