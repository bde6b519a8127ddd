/** Metrics as the serialiser takes them, under the names that `/metrics` has, with the times of the reports. */
import { parseTime } from '../../base/clock.ts';
import type { Report } from '../../report/report.ts';
import { agentMetrics, tallyMetrics } from '../metrics/agent-metrics.ts';
import { blackboxMetrics } from '../metrics/blackbox-metrics.ts';
import type { Metric, Sample } from '../metrics/metric.ts';
import { targetLabel } from '../metrics/target-label.ts';
import { targetMetrics } from '../metrics/target-metrics.ts';
import type { ReadReport } from './read-batch.ts';
import { type HrTime, hrTime, type Resource, type Scope } from './resource.ts';
import type { ResourceMetrics } from './serialise.ts';
import type { TargetTally } from './tallies.ts';

type MetricData = ResourceMetrics['scopeMetrics'][number]['metrics'][number];
type Gauge = Extract<MetricData, { readonly dataPointType: 2 }>;
type Sum = Extract<MetricData, { readonly dataPointType: 3 }>;
type Point = Gauge['dataPoints'][number];

const lookMetrics = [...blackboxMetrics, ...targetMetrics];
/** No report tells these of its agent. */
const untold = ['sidelight_start_timestamp_seconds', 'sidelight_targets'];
const reportedAgentMetrics = agentMetrics.filter(({ name }) => !untold.includes(name));

/** Throws for a report of which no metric can be read. */
export function tryMetrics(report: Report): void {
  for (const metric of lookMetrics) metric.read(report);
}

/** Undefined when there is nothing to say. */
export function resourceMetrics(
  reports: readonly ReadReport[],
  tallies: readonly TargetTally[],
  resource: Resource,
  scope: Scope,
): ResourceMetrics | undefined {
  const looks = reports.map(({ report }) => report).filter(({ preflight }) => !preflight);
  const metrics = [
    ...lookMetrics.map((metric) => metricData(metric, looks.flatMap(pointsOfLook(metric)))),
    ...tallyMetrics.map((metric) => metricData(metric, tallies.flatMap(pointsOfTally(metric)))),
    ...reportedAgentMetrics.map((metric) =>
      metricData(metric, reports.flatMap(pointsOfAgent(metric))),
    ),
  ].filter(({ dataPoints }) => dataPoints.length > 0);
  return metrics.length === 0 ? undefined : { resource, scopeMetrics: [{ scope, metrics }] };
}

function pointsOfLook(metric: Metric<Report>) {
  return (report: Report): Point[] => {
    const time = timeOf(report.time);
    const target = targetLabel(report.target);
    return metric.read(report).map((sample) => point(sample, { target }, time, time));
  };
}

function pointsOfTally(metric: Metric<TargetTally['tally']>) {
  return ({ target, tally, since, until }: TargetTally): Point[] =>
    metric.read(tally).map((sample) => point(sample, { target }, timeOf(since), timeOf(until)));
}

function pointsOfAgent(metric: (typeof agentMetrics)[number]) {
  return ({ report }: ReadReport): Point[] => {
    const { agent, delivery, eventsDropped, time } = report;
    const state = {
      version: agent.version,
      ...(delivery && { delivery }),
      eventsDropped: { ...eventsDropped },
      ...{ startedAtMs: 0, targets: 0 },
    };
    // When the state directory was made, nobody knows: no start.
    const from: HrTime = metric.kind === 'counter' ? [0, 0] : timeOf(time);
    return metric.read(state).map((sample) => point(sample, {}, from, timeOf(time)));
  };
}

function point(
  { value, labels }: Sample,
  always: Readonly<Record<string, string>>,
  startTime: HrTime,
  endTime: HrTime,
): Point {
  return { value, attributes: { ...always, ...labels }, startTime, endTime };
}

function timeOf(time: string): HrTime {
  return hrTime(parseTime(time) ?? 0);
}

/** Numbers as the serialiser's enumerations have them; temporality is cumulative, the one that Prometheus knows. */
function metricData<Source>({ name, help, kind }: Metric<Source>, dataPoints: Point[]) {
  const unit = name.endsWith('_seconds') ? 's' : '';
  const descriptor = { name, description: help, unit, valueType: 1 };
  const shared = { descriptor, aggregationTemporality: 1, dataPoints };
  return kind === 'counter'
    ? ({ ...shared, dataPointType: 3, isMonotonic: true } satisfies Sum)
    : ({ ...shared, dataPointType: 2 } satisfies Gauge);
}
