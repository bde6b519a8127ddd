/** What is the agent's own: who it is, what it counted, what waits, and what was lost. */
import type { Delivery } from '../../report/report.ts';
import { fact, type Metric, sample, type Tally } from './metric.ts';

export interface AgentState {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly targets: number;
  /** Absent without a home. */
  readonly delivery?: Delivery;
  /** Events that no reader will see, by sink. */
  readonly eventsDropped: Readonly<Record<string, number>>;
}

export const agentMetrics: readonly Metric<AgentState>[] = [
  {
    name: 'sidelight_build_info',
    kind: 'gauge',
    help: 'The version that runs.',
    labels: ['version'],
    read: ({ version }) => [fact({ version })],
  },
  {
    name: 'sidelight_start_timestamp_seconds',
    kind: 'gauge',
    help: 'When the agent started.',
    read: ({ startedAtMs }) => sample(startedAtMs / 1000),
  },
  {
    name: 'sidelight_targets',
    kind: 'gauge',
    help: 'How many targets are under watch.',
    read: ({ targets }) => sample(targets),
  },
  {
    name: 'sidelight_spool_reports',
    kind: 'gauge',
    help: 'How many reports wait for home; absent without a home.',
    read: ({ delivery }) => sample(delivery?.waiting),
  },
  {
    name: 'sidelight_reports_lost_total',
    kind: 'counter',
    help: 'Reports that home will never get: too old, too many or too large together, refused; since the state directory was made.',
    labels: ['reason'],
    read: ({ delivery }) =>
      Object.entries(delivery?.lost ?? {}).map(([reason, value]) => ({
        value,
        labels: { reason },
      })),
  },
  {
    name: 'sidelight_events_dropped_total',
    kind: 'counter',
    help: 'Events that no reader will see, because it was slow or away, by where they were to go.',
    labels: ['sink'],
    read: ({ eventsDropped }) =>
      Object.entries(eventsDropped).map(([sink, value]) => ({ value, labels: { sink } })),
  },
];

export const tallyMetrics: readonly Metric<Tally>[] = [
  {
    name: 'sidelight_looks_total',
    kind: 'counter',
    help: 'Looks at the target by what they came to.',
    labels: ['outcome'],
    read: ({ looks }) => [...looks].map(([outcome, value]) => ({ value, labels: { outcome } })),
  },
  {
    name: 'sidelight_alerts_total',
    kind: 'counter',
    help: 'TLS alerts other than close_notify, by number and direction.',
    labels: ['direction', 'code', 'description'],
    read: ({ alerts }) =>
      alerts.map(({ count, direction, code, description }) => ({
        value: count,
        labels: { direction, code: `${code}`, description },
      })),
  },
];

/** How late a look begins is what a blocked event loop would cost. */
export const latenessMetric = {
  name: 'sidelight_look_lateness_seconds',
  help: 'How long after it was due a look began.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
} as const;
