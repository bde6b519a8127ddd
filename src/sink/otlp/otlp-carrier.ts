/** Reports to an OpenTelemetry Collector over HTTP: each batch as one request of logs and one of metrics. */
import type { OtlpConfig } from '../../config/config.ts';
import { otlpLogRecord } from '../../format/otlp/log-record.ts';
import type { Carrier, Later, Refused } from '../delivery/carrier.ts';
import { logRecords } from './log-records.ts';
import { resourceMetrics, tryMetrics } from './metric-points.ts';
import { MetricTries } from './metric-tries.ts';
import { type ReadReport, readBatch } from './read-batch.ts';
import { resources, scope } from './resource.ts';
import { logsEncoding, metricsEncoding } from './serialise.ts';
import { type SenderPorts, signalSender, type Warn } from './signal-sender.ts';
import { TakenLogs } from './taken-logs.ts';
import { Tallies } from './tallies.ts';

export interface OtlpCarrierOptions extends SenderPorts {
  readonly otlp: OtlpConfig;
  /** Told of what the Collector refused or said; no fact holds a secret, the peer's text is sanitised. Must not throw. */
  readonly warn: Warn;
}

/**
 * A report is delivered when its log record is. Metrics are drawn from it and come after it; they are given up when they
 * are refused for good, or not taken after several tries. After a restart a batch whose metrics were missing comes whole.
 */
export function otlpCarrier(options: OtlpCarrierOptions): Carrier {
  const { otlp, clock, warn } = options;
  const logs = signalSender('logs', otlp.logs, logsEncoding(otlp.logs.protocol), options);
  const encoding = metricsEncoding(otlp.metrics.protocol);
  const metrics = signalSender('metrics', otlp.metrics, encoding, options);
  const resourceOf = resources(otlp.resourceAttributes);
  const [tallies, taken, tries] = [new Tallies(), new TakenLogs(), new MetricTries(warn)];

  const sendLogs = async (
    reports: readonly ReadReport[],
    signal: AbortSignal,
  ): Promise<Later | Refused | undefined> => {
    const missing = reports.filter(({ id }) => !taken.has(id));
    if (missing.length === 0) return undefined;
    const records = logRecords(missing, resourceOf, scope, clock.now());
    const { verdict, rejected } = await logs.send(records, signal);
    if (!verdict) taken.add(missing, Math.min(rejected, missing.length));
    return verdict;
  };

  const sendMetrics = async (
    reports: readonly ReadReport[],
    signal: AbortSignal,
  ): Promise<Later | Refused | undefined> => {
    const newest = reports.at(-1);
    if (!newest) return undefined;
    const resource = resourceOf(newest.report);
    const request = resourceMetrics(reports, tallies.count(reports), resource, scope);
    const batch = { through: newest.sequence, count: reports.length };
    return request && tries.judge(batch, signal, () => metrics.send(request, signal));
  };

  return {
    carry: async (batch, signal) => {
      const { reports, unreadable } = readBatch(batch, (report) => {
        otlpLogRecord(report);
        tryMetrics(report);
      });
      const trouble = (await sendLogs(reports, signal)) ?? (await sendMetrics(reports, signal));
      if (trouble) return trouble;
      const refusedCount = taken.settle(reports);
      const refused = { ids: unreadable, reason: 'unreadable' };
      return {
        verdict: 'delivered',
        ...(unreadable.length > 0 && { refused }),
        ...(refusedCount > 0 && { refusedCount }),
      };
    },
    hasChanged: () => logs.hasChanged(),
    close: async () => {
      await Promise.all([logs.close(), metrics.close()]);
    },
  };
}
