/** Where the metrics of `run` are read: a port, a file, both, or nowhere, and then nothing of it is loaded. */
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { version } from '../base/version.ts';
import type { Config, Endpoint } from '../config/config.ts';
import type { AgentState } from '../sink/metrics/agent-metrics.ts';
import type { Look } from '../sink/metrics/metric.ts';
import type { Metrics } from '../sink/metrics/metrics.ts';
import type { Ports } from './ports.ts';

export interface MetricsOutputs {
  /** Never waits. */
  looked(look: Look, latenessMs: number): void;
  watching(targets: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** What only the agent knows; asked at each reading. */
export type AskAgent = () => Pick<AgentState, 'delivery' | 'eventsDropped'>;

/** Undefined when nobody wants metrics. Throws CannotRun when the port cannot be had. */
export async function openMetricsOutputs(
  { metrics: endpoint, metricsTextfile: file }: Config,
  { clock, log }: Ports,
  ask: AskAgent,
): Promise<MetricsOutputs | undefined> {
  if (!endpoint && file === undefined) return undefined;
  const { openMetrics } = await import('../sink/metrics/metrics.ts');
  const startedAtMs = clock.now();
  const metrics = await openMetrics(() => ({ version, startedAtMs, ...ask() }));
  const server = endpoint && (await listen(endpoint, metrics));
  if (server) log.info('metrics are served', { host: endpoint.host, port: server.port });
  const { openTextfile } = await import('../sink/metrics/textfile.ts');
  const textfile =
    file === undefined
      ? undefined
      : openTextfile({
          file,
          clock,
          text: metrics.text,
          onTrouble: (code) => log.warn('metrics cannot be written', { where: file, code }),
        });
  return {
    looked: (look, latenessMs) => {
      metrics.looked(look, latenessMs);
      textfile?.touch();
    },
    watching: (targets) => {
      metrics.watching(targets);
      textfile?.touch();
    },
    close: async () => {
      await Promise.all([server?.close(), textfile?.close()]);
    },
  };
}

async function listen(endpoint: Endpoint, metrics: Metrics) {
  const { startMetricsServer } = await import('../sink/metrics/metrics-server.ts');
  try {
    return await startMetricsServer(endpoint, metrics);
  } catch (error) {
    const what = `${endpoint.host} port ${endpoint.port} cannot be listened on (${errorCode(error)})`;
    const expected = 'an address of this machine and a free port';
    throw new CannotRun([{ where: '--metrics', what, expected }], { cause: error });
  }
}
