/** What home measures of itself, in Prometheus' text format; prom-client is loaded when it is asked for. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import type { Metric, Sample } from '../sink/metrics/metric.ts';
import type { Connections } from './connections.ts';
import type { Incident } from './incidents/incident.ts';
import type { KeptIncidents } from './incidents/keep-incidents.ts';
import type { Intake } from './intake.ts';
import type { Announcer } from './notify/announcer.ts';
import { usedOctets } from './retention.ts';
import type { AgentSockets } from './socket/agent-sockets.ts';

/** What is read at each scrape. */
export interface HomeState {
  readonly intake: Pick<Intake, 'counts'>;
  readonly connections: Pick<Connections, 'open' | 'shed'>;
  readonly sockets: Pick<AgentSockets, 'size' | 'unknownMessages'>;
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly incidents: Pick<KeptIncidents, 'open' | 'forgotten'>;
  readonly announcer: Pick<Announcer, 'receivers' | 'opened'>;
}

const one = (value: number) => [{ value }];
const byLabel = (label: string, counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, value]) => ({ value, labels: { [label]: name } }));

function openBySide(open: readonly Incident[]): readonly Sample[] {
  const sides = ['delegate', 'network', 'proxy', 'gateway', 'unknown'];
  return sides.map((side) => ({
    value: open.filter((incident) => (incident.side ?? 'unknown') === side).length,
    labels: { side },
  }));
}

function byReceiver(
  announcer: HomeState['announcer'],
  count: 'sent' | 'failed' | 'waiting',
): readonly Sample[] {
  return announcer
    .receivers()
    .map((counts) => ({ value: counts[count], labels: { receiver: counts.name } }));
}

export const homeMetrics: readonly Metric<HomeState>[] = [
  {
    name: 'sidelight_home_reports_stored_total',
    kind: 'counter',
    help: 'Reports that were stored since home started.',
    read: ({ intake }) => one(intake.counts.stored),
  },
  {
    name: 'sidelight_home_reports_duplicate_total',
    kind: 'counter',
    help: 'Reports that came again and were dropped.',
    read: ({ intake }) => one(intake.counts.duplicates),
  },
  {
    name: 'sidelight_home_reports_rejected_total',
    kind: 'counter',
    help: 'Events that were set aside, by why.',
    labels: ['reason'],
    read: ({ intake }) => byLabel('reason', intake.counts.rejected),
  },
  {
    name: 'sidelight_home_busy_total',
    kind: 'counter',
    help: 'Times that a sender was told to come again: rate (it brings too much), queue (home is behind), storage (it cannot write), delegates (it brings more than it may speak for).',
    labels: ['because'],
    read: ({ intake }) => byLabel('because', intake.counts.busy),
  },
  {
    name: 'sidelight_home_senders',
    kind: 'gauge',
    help: 'Senders that brought something since home started, at most 20,000.',
    read: ({ intake }) => one(intake.counts.senders),
  },
  {
    name: 'sidelight_home_delegates_forgotten_total',
    kind: 'counter',
    help: 'Delegates that were forgotten to make room: sender (others of a sender that brings too many), fleet (others of all).',
    labels: ['because'],
    read: ({ incidents }) => byLabel('because', new Map(Object.entries(incidents.forgotten))),
  },
  {
    name: 'sidelight_home_queue_reports',
    kind: 'gauge',
    help: 'Reports that wait to be stored.',
    read: ({ intake }) => one(intake.counts.queuedReports),
  },
  {
    name: 'sidelight_home_queue_bytes',
    kind: 'gauge',
    help: 'Length of the reports that wait to be stored.',
    read: ({ intake }) => one(intake.counts.queuedOctets),
  },
  {
    name: 'sidelight_home_connections',
    kind: 'gauge',
    help: 'Open connections.',
    read: ({ connections }) => one(connections.open),
  },
  {
    name: 'sidelight_home_connections_shed_total',
    kind: 'counter',
    help: 'Connections that were closed to make room for others.',
    read: ({ connections }) => one(connections.shed),
  },
  {
    name: 'sidelight_home_agent_sockets',
    kind: 'gauge',
    help: 'Open connections by which agents report over WebSocket.',
    read: ({ sockets }) => one(sockets.size),
  },
  {
    name: 'sidelight_home_unknown_messages_total',
    kind: 'counter',
    help: 'WebSocket messages of a type that this home does not know: agents of a later version.',
    read: ({ sockets }) => one(sockets.unknownMessages),
  },
  {
    name: 'sidelight_home_incidents_open',
    kind: 'gauge',
    help: 'Incidents that are open, by who must act; unknown where nobody can tell.',
    labels: ['side'],
    read: ({ incidents }) => openBySide(incidents.open()),
  },
  {
    name: 'sidelight_home_incidents_opened_total',
    kind: 'counter',
    help: 'Incidents that opened since home started, those that began again among them, by who must act.',
    labels: ['side'],
    read: ({ announcer }) => byLabel('side', announcer.opened()),
  },
  {
    name: 'sidelight_home_notifications_sent_total',
    kind: 'counter',
    help: 'Notifications that a receiver took.',
    labels: ['receiver'],
    read: ({ announcer }) => byReceiver(announcer, 'sent'),
  },
  {
    name: 'sidelight_home_notifications_failed_total',
    kind: 'counter',
    help: 'Notifications that a receiver will never get: it refused them, or they waited for too long.',
    labels: ['receiver'],
    read: ({ announcer }) => byReceiver(announcer, 'failed'),
  },
  {
    name: 'sidelight_home_notifications_waiting',
    kind: 'gauge',
    help: 'Notifications that wait for a receiver.',
    labels: ['receiver'],
    read: ({ announcer }) => byReceiver(announcer, 'waiting'),
  },
  {
    name: 'sidelight_home_database_bytes',
    kind: 'gauge',
    help: 'Size of the database without its free pages and its log.',
    read: ({ db }) => one(usedOctets(db)),
  },
  {
    name: 'sidelight_home_oldest_report_age_seconds',
    kind: 'gauge',
    help: 'Since when the oldest report is stored; absent when none is.',
    read: ({ db, clock }) => {
      const row = db.prepare('SELECT received_ms FROM event ORDER BY arrival LIMIT 1').get();
      return row ? one(Math.max(0, clock.now() - Number(row['received_ms'])) / 1_000) : [];
    },
  },
];

/** Of `text`. */
export const homeMetricNames: readonly string[] = homeMetrics.map(({ name }) => name);

/** As the metrics server takes it. */
export async function openHomeMetrics(
  state: HomeState,
): Promise<{ isComplete(): boolean; text(): Promise<string> }> {
  // By its default export: bundled, a CommonJS package has no other.
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  const writers = homeMetrics.map(({ name, help, kind, labels = [], read }) => {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const metric = kind === 'counter' ? new client.Counter(options) : new client.Gauge(options);
    return () => {
      metric.reset();
      // A metric without labels is 0 after that, and not absent.
      if (labels.length === 0) metric.remove();
      for (const { value, labels: values = {} } of read(state)) metric.inc(values, value);
    };
  });
  return {
    isComplete: () => true,
    text: () => {
      for (const write of writers) write();
      return registry.metrics();
    },
  };
}
