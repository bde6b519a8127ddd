/** A carrier to a Collector, with batches made of reports. */
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { OtlpConfig, OtlpSignalConfig } from '../../../src/config/config.ts';
import type { Report } from '../../../src/report/report.ts';
import type { Carrier } from '../../../src/sink/delivery/carrier.ts';
import type { LogFacts } from '../../../src/sink/log/program-log.ts';
import { otlpCarrier } from '../../../src/sink/otlp/otlp-carrier.ts';
import type { SpooledReport } from '../../../src/sink/spool/spool.ts';
import { reportOn } from '../../report/corpus.ts';
import { answered } from '../../support/evidence.ts';

export const observedMs = Date.UTC(2026, 10, 23, 15);

export interface Said {
  readonly message: string;
  readonly facts: LogFacts;
}

export interface Carrying {
  readonly carrier: Carrier;
  readonly said: Said[];
  carry(batch: readonly SpooledReport[]): ReturnType<Carrier['carry']>;
}

export function configFor(
  base: string,
  change: Partial<OtlpSignalConfig> = {},
  ofMetrics: Partial<OtlpSignalConfig> = {},
): OtlpConfig {
  const signal = (name: string): OtlpSignalConfig => ({
    url: new URL(`${base}/v1/${name}`),
    headers: [],
    protocol: 'http/protobuf',
    compression: 'none',
    timeoutMs: 5_000,
    ...change,
  });
  const metrics = { ...signal('metrics'), ...ofMetrics };
  return { logs: signal('logs'), metrics, resourceAttributes: {} };
}

export function carrying(otlp: OtlpConfig): Carrying {
  const said: Said[] = [];
  const clock = { ...systemClock, now: () => observedMs };
  const warn = (message: string, facts: LogFacts = {}): void => {
    said.push({ message, facts });
  };
  const carrier = otlpCarrier({ otlp, clock, warn, inform: warn });
  onTestFinished(() => carrier.close());
  return { carrier, said, carry: (batch) => carrier.carry(batch, new AbortController().signal) };
}

/** As the spool would hand them out, numbered from `first`. */
export function batchOf(reports: readonly Report[], first = 1): readonly SpooledReport[] {
  return reports.map((report, index) => {
    const body = JSON.stringify(report);
    const { id, time } = report;
    return { sequence: first + index, id, time, sizeBytes: Buffer.byteLength(body), body };
  });
}

export function acceptedReport(id: string, changes: Partial<Report> = {}): Report {
  return { ...reportOn(answered({ status: 200 })), id, ...changes };
}
