/** Something cuts connections when they have stood for a certain time. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

/** Fewer agree by chance. */
const leastDrops = 3;
/** How far the ages may lie apart, as a part of the longest. */
const tolerance = 0.1;

export const connectionKilledIdle: Cause = {
  code: 'connection-killed-idle',
  title: 'Connections are cut at a constant age',
  side: 'network',
  documentation:
    'Connections to the gateway end by a reset, a close or silence, and the last ones all ended at nearly the same age: a balancer, a firewall or an address translation forgets connections that carry nothing for so long. Drops at different ages speak for the gateway or the line, and then websocket-closed or http-no-answer is named. A gateway that limits the age of connections looks the same, so it is likely and not certain. Keep the connection busy in shorter intervals, or have the limit raised.',
  outranks: ['websocket-closed', 'http-no-answer'],
  explain({ evidence }) {
    const { drops = [] } = evidence;
    const ended = failedStep(evidence, 'websocket') ?? failedStep(evidence, 'http');
    if (!ended || drops.length < leastDrops) return undefined;
    const ages = drops.map(({ ageMs }) => ageMs);
    const [least, most] = [Math.min(...ages), Math.max(...ages)];
    if (most <= 0 || most - least > most * tolerance) return undefined;
    const seconds = Math.round(most / 1000);
    return {
      confidence: 'likely',
      evidence: [
        `The last ${drops.length} connections ended at an age of ${Math.round(least / 1000)} to ${seconds} s.`,
        `They ended by ${[...new Set(drops.map(({ how }) => how))].join(', ')}.`,
      ],
      remedy: `Send something in intervals below ${seconds} s, or have the idle limit on the way raised.`,
    };
  },
};
