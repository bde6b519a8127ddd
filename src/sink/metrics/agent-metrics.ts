/** What is the agent's own: who it is, what it counted, what waits, and what was lost. */
import { parseTime } from '../../base/clock.ts';
import type { Delivery, Lost, ReceiverDelivery } from '../../report/report.ts';
import { fact, type Metric, type Sample, sample, type Tally } from './metric.ts';

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
    help: 'How many reports wait for any receiver; absent without one.',
    read: ({ delivery }) => sample(delivery?.waiting),
  },
  {
    name: 'sidelight_receiver_spool_reports',
    kind: 'gauge',
    help: 'How many reports wait for this receiver.',
    labels: ['receiver'],
    read: ({ delivery }) => ofReceivers(delivery, ({ waiting }) => waiting),
  },
  {
    name: 'sidelight_receiver_spool_bytes',
    kind: 'gauge',
    help: 'How large they are together.',
    labels: ['receiver'],
    read: ({ delivery }) => ofReceivers(delivery, ({ waitingBytes }) => waitingBytes),
  },
  {
    name: 'sidelight_receiver_oldest_report_timestamp_seconds',
    kind: 'gauge',
    help: 'The time of the report that has waited longest for this receiver; absent when none waits.',
    labels: ['receiver'],
    read: ({ delivery }) => ofReceivers(delivery, ({ oldestTime }) => seconds(oldestTime)),
  },
  {
    name: 'sidelight_receiver_last_success_timestamp_seconds',
    kind: 'gauge',
    help: 'When this receiver last took reports; absent when it never did.',
    labels: ['receiver'],
    read: ({ delivery }) =>
      ofReceivers(delivery, ({ lastSuccessTime }) => seconds(lastSuccessTime)),
  },
  {
    name: 'sidelight_receiver_reports_lost_total',
    kind: 'counter',
    help: 'Reports that this receiver will never get, by reason; since the state directory was made.',
    labels: ['receiver', 'reason'],
    read: ({ delivery }) =>
      (delivery?.homes ?? []).flatMap(({ name: receiver, lost }) =>
        byReason(lost).map(([reason, value]) => ({ value, labels: { receiver, reason } })),
      ),
  },
  {
    name: 'sidelight_reports_lost_total',
    kind: 'counter',
    help: 'Reports that home will never get: too old, too many or too large together, refused, not kept by the disk; counted once for each receiver, since the state directory was made.',
    labels: ['reason'],
    read: ({ delivery }) =>
      delivery
        ? byReason(delivery.lost).map(([reason, value]) => ({ value, labels: { reason } }))
        : [],
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

/** A counter that was never there shows no increase: each reason has one from the start. */
function byReason({
  age,
  size,
  rejected,
  storage = 0,
}: Lost): readonly (readonly [string, number])[] {
  return Object.entries({ age, size, rejected, storage });
}

function ofReceivers(
  delivery: Delivery | undefined,
  read: (receiver: ReceiverDelivery) => number | undefined,
): readonly Sample[] {
  return (delivery?.homes ?? []).flatMap((each) =>
    sample(read(each)).map(({ value }) => ({ value, labels: { receiver: each.name } })),
  );
}

function seconds(time: string | undefined): number | undefined {
  const epochMs = time === undefined ? undefined : parseTime(time);
  return epochMs === undefined ? undefined : epochMs / 1000;
}

/** How late a look begins is what a blocked event loop would cost. */
export const latenessMetric = {
  name: 'sidelight_look_lateness_seconds',
  help: 'How long after it was due a look began.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
} as const;
