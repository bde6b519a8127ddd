/** Where a running agent serves its metrics, by its own word. */
import type { Running } from '../support/sidelight.ts';

export function metricsPortOf(agent: Pick<Running, 'stderr'>): number {
  const line = agent
    .stderr()
    .split('\n')
    .find((text) => text.includes('metrics are served'));
  if (line === undefined) throw new Error('no metrics are served');
  return JSON.parse(line).port;
}
