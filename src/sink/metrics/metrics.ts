/** Everything that is measured, in Prometheus' text format: kept as it was last seen, written when it is asked for. */
import type { Registry } from 'prom-client';
import { type AgentState, agentMetrics, latenessMetric, tallyMetrics } from './agent-metrics.ts';
import { blackboxMetrics } from './blackbox-metrics.ts';
import type { AlertCount, Look, Metric, Sample, Tally } from './metric.ts';
import { targetLabel } from './target-label.ts';
import { targetMetrics } from './target-metrics.ts';

export interface Metrics {
  /** `latenessMs`: how long after it was due the look began. */
  looked(look: Look, latenessMs: number): void;
  /** These targets, by their labels, are under watch; every other is forgotten. */
  watching(targets: ReadonlySet<string>): void;
  /** Whether every target under watch has been looked at. */
  isComplete(): boolean;
  text(): Promise<string>;
}

interface Known {
  readonly look: Look;
  readonly tally: Tally;
}

/** Of everything that `text` can hold; rules and dashboards name nothing else. */
export const metricNames: readonly string[] = [
  ...[...blackboxMetrics, ...targetMetrics, ...tallyMetrics, ...agentMetrics].map(
    ({ name }) => name,
  ),
  latenessMetric.name,
];

/** Of `text`. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** `agent` is asked at each `text`. */
export async function openMetrics(agent: () => Omit<AgentState, 'targets'>): Promise<Metrics> {
  // By its default export: bundled, a CommonJS package has no other.
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  const known = new Map<string, Known>();
  let watched: ReadonlySet<string> | undefined;
  const ofTarget = ['target'];
  const writers = [
    ...[...blackboxMetrics, ...targetMetrics].map((metric) =>
      writerOf(client, registry, metric, ofTarget, () => ofTargets(known, metric, lookOf)),
    ),
    ...tallyMetrics.map((metric) =>
      writerOf(client, registry, metric, ofTarget, () => ofTargets(known, metric, tallyOf)),
    ),
    ...agentMetrics.map((metric) =>
      writerOf(client, registry, metric, [], () =>
        metric.read({ ...agent(), targets: watched?.size ?? 0 }),
      ),
    ),
  ];
  const { name, help, buckets } = latenessMetric;
  const registers = [registry];
  const lateness = new client.Histogram({ name, help, buckets: [...buckets], registers });
  return {
    looked: (look, latenessMs) => {
      const label = targetLabel(look.target);
      // Taken away while it was being looked at.
      if (watched && !watched.has(label)) return;
      known.set(label, { look, tally: countLook(known.get(label)?.tally, look) });
      lateness.observe(Math.max(latenessMs, 0) / 1000);
    },
    watching: (targets) => {
      watched = targets;
      for (const label of known.keys()) if (!targets.has(label)) known.delete(label);
    },
    isComplete: () => watched !== undefined && [...watched].every((label) => known.has(label)),
    text: () => {
      for (const write of writers) write();
      return registry.metrics();
    },
  };
}

const lookOf = ({ look }: Known): Look => look;
const tallyOf = ({ tally }: Known): Tally => tally;

/** Writes a metric anew each time, so that a series ends with what it told of. */
function writerOf<Source>(
  { Counter, Gauge }: Pick<typeof import('prom-client'), 'Counter' | 'Gauge'>,
  registry: Registry,
  { name, help, kind, labels = [] }: Metric<Source>,
  always: readonly string[],
  read: () => readonly Sample[],
): () => void {
  const options = { name, help, labelNames: [...always, ...labels], registers: [registry] };
  const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);
  return () => {
    metric.reset();
    // A metric without labels is 0 after that, and not absent.
    if (options.labelNames.length === 0) metric.remove();
    for (const { value, labels: values = {} } of read()) metric.inc(values, value);
  };
}

function ofTargets<Source>(
  known: ReadonlyMap<string, Known>,
  metric: Metric<Source>,
  part: (known: Known) => Source,
): readonly Sample[] {
  return [...known].flatMap(([target, each]) =>
    metric.read(part(each)).map(({ value, labels }) => ({ value, labels: { target, ...labels } })),
  );
}

/** `times`: of looks that said the same. close_notify is how connections end, and no alarm. */
export function countLook(
  before: Tally | undefined,
  { outcome, alerts }: Pick<Look, 'outcome' | 'alerts'>,
  times = 1,
): Tally {
  if (times === 0) return before ?? { looks: new Map(), alerts: [] };
  const looks = new Map(before?.looks);
  looks.set(outcome, (looks.get(outcome) ?? 0) + times);
  const counts = new Map((before?.alerts ?? []).map((alert) => [keyOf(alert), alert]));
  for (const { direction, code, description } of alerts) {
    if (code === 0) continue;
    const key = keyOf({ direction, code });
    const count = (counts.get(key)?.count ?? 0) + times;
    counts.set(key, { direction, code, description, count });
  }
  return { looks, alerts: [...counts.values()] };
}

const keyOf = ({ direction, code }: Pick<AlertCount, 'direction' | 'code'>): string =>
  `${direction} ${code}`;
