/** What is sent, read by an independent decoder in both encodings. */
import { expect, test } from 'vitest';
import { version } from '../../../src/base/version.ts';
import { otlpProtocols } from '../../../src/config/config.ts';
import { eventCodeOf } from '../../../src/report/event.ts';
import { metricNames } from '../../../src/sink/metrics/metrics.ts';
import { corpus, reportOn } from '../../report/corpus.ts';
import { answered, refusedWith } from '../../support/evidence.ts';
import { acceptedReport, batchOf, carrying, configFor, observedMs } from './carrying.ts';
import { attributesOf, comparable, decode, type Metric, type Point } from './decode.ts';
import { metricsIn, recordsIn, stubCollector } from './stub-collector.ts';

const whole = Object.entries(corpus).map(([name, report]) => ({ ...report, id: name }));
const nanos = (time: string | number): string => `${new Date(time).getTime()}000000`;

async function sentFrom(reports: typeof whole, protocol: (typeof otlpProtocols)[number]) {
  const collector = await stubCollector();
  const { carry, said } = carrying(configFor(collector.url, { protocol }, { protocol }));
  expect(await carry(batchOf(reports))).toEqual({ verdict: 'delivered' });
  expect(said).toEqual([]);
  const [logs] = collector.of('logs');
  const [metrics] = collector.of('metrics');
  if (!logs || !metrics) throw new Error('a signal is missing');
  expect(collector.received).toHaveLength(2);
  return { logs, metrics };
}

test.each(otlpProtocols)(
  'every report of the corpus is a record and points, by %s',
  async (protocol) => {
    const { logs, metrics } = await sentFrom(whole, protocol);
    const contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
    expect(logs).toMatchObject({ path: '/v1/logs', method: 'POST', contentType });
    expect(metrics).toMatchObject({ path: '/v1/metrics', method: 'POST', contentType });
    const records = recordsIn(logs);
    expect(records).toHaveLength(whole.length);
    for (const [index, report] of whole.entries()) {
      const record = records.find(
        ({ attributes }) => attributesOf(attributes)['log.record.uid'] === report.id,
      );
      expect(record).toMatchObject({
        timeUnixNano: nanos(report.time),
        observedTimeUnixNano: nanos(observedMs),
        eventName: eventCodeOf(report),
      });
      const attributes = attributesOf(record?.attributes ?? []);
      expect(attributes).toMatchObject({
        'sidelight.sequence': index + 1,
        'sidelight.outcome': report.outcome,
        'server.address': report.target.host,
        'server.port': report.target.port,
      });
      expect(attributes['sidelight.cause.code']).toBe(report.cause?.code);
    }
    const names = metricsIn(metrics).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(metricNames).toEqual(expect.arrayContaining(names));
  },
);

test('both encodings say the same', async () => {
  const binary = await sentFrom(whole, 'http/protobuf');
  const json = await sentFrom(whole, 'http/json');
  for (const signal of ['logs', 'metrics'] as const) {
    const [one, other] = [binary[signal], json[signal]];
    const binaryPlain = comparable(decode(signal, one.contentType, one.body));
    expect(binaryPlain).toEqual(comparable(decode(signal, other.contentType, other.body)));
  }
});

test('a refusal is an error with its alert, certificate and cause under conventional names', async () => {
  const { logs } = await sentFrom([{ ...reportOn(refusedWith(48)), id: 'a' }], 'http/protobuf');
  const [record] = recordsIn(logs);
  expect(record).toMatchObject({
    severityNumber: 17,
    severityText: 'error',
    eventName: 'target-rejected',
    body: { stringValue: expect.stringContaining('gateway.example') },
  });
  expect(attributesOf(record?.attributes ?? [])).toMatchObject({
    'log.record.uid': 'a',
    'server.address': 'gateway.example',
    'network.transport': 'tcp',
    'tls.protocol.name': 'tls',
    'tls.protocol.version': '1.3',
    'tls.server.hash.sha256': expect.stringMatching(/^[0-9A-F]{64}$/),
    'error.type': expect.any(String),
    'sidelight.alert.code': 48,
    'sidelight.alert.description': 'unknown_ca',
    'sidelight.cause.side': expect.any(String),
    'sidelight.alerts': [expect.objectContaining({ code: 48 })],
    'sidelight.steps.tls.outcome': 'failed',
  });
});

test('the resource names the agent and the delegate, and what the configuration says goes before', async () => {
  const collector = await stubCollector();
  const resourceAttributes = { 'service.name': 'edge', 'deployment.environment.name': 'prod' };
  const { carry } = carrying({ ...configFor(collector.url), resourceAttributes });
  await carry(batchOf([acceptedReport('a')]));
  const [logs, metrics] = collector.received.map(({ signal, contentType, body }) =>
    decode(signal, contentType, body),
  );
  const expected = {
    'service.name': 'edge',
    'service.version': '0.1.0',
    'service.instance.id': '019ab1c2-1111-7000-8000-000000000000',
    'host.name': 'delegate-7f9c',
    'sidelight.delegate.name': 'delegate-1',
    'sidelight.delegate.account': 'acme',
    'deployment.environment.name': 'prod',
  };
  const [ofLogs] = logs?.resourceLogs ?? [];
  expect(attributesOf(ofLogs?.resource.attributes ?? [])).toEqual(expected);
  expect(ofLogs?.scopeLogs[0]?.scope).toEqual({ name: 'sidelight', version });
  const [ofMetrics] = metrics?.resourceMetrics ?? [];
  expect(attributesOf(ofMetrics?.resource.attributes ?? [])).toEqual(expected);
});

test('text of a peer is safe to print and bounded', async () => {
  const hostile = `CN=\u001b[2J\u202e${'x'.repeat(5000)}`;
  const seen = answered({ status: 200 });
  const report = reportOn(seen);
  const tls = { ...report.tls, certificateAuthorities: [hostile] };
  const { logs } = await sentFrom([{ ...report, id: 'a', tls }] as typeof whole, 'http/json');
  const [record] = recordsIn(logs);
  const named = attributesOf(record?.attributes ?? [])['sidelight.tls.certificate_authorities'];
  expect(named).toEqual([expect.stringMatching(/^CN=\\u001b\[2J\\u202ex+…$/)]);
  expect(String((named as string[])[0])).toHaveLength(1024);
  expect(logs.body.toString()).not.toContain('\u001b');
});

const metricOf = (metrics: readonly Metric[], name: string): Metric | undefined =>
  metrics.find((metric) => metric.name === name);
const pointsOf = (metric: Metric | undefined): readonly Point[] =>
  metric?.gauge?.dataPoints ?? metric?.sum?.dataPoints ?? [];

test('gauges have the names, labels and values of /metrics, and the time of their report', async () => {
  const time = '2026-11-23T14:00:00.000Z';
  const { metrics } = await sentFrom([{ ...acceptedReport('a'), time }], 'http/protobuf');
  const all = metricsIn(metrics);
  const [success] = pointsOf(metricOf(all, 'probe_success'));
  expect(success).toMatchObject({ asDouble: 1, timeUnixNano: nanos(time) });
  const target = acceptedReport('a').target.url;
  expect(attributesOf(success?.attributes ?? [])).toEqual({ target });
  const steps = metricOf(all, 'sidelight_step_duration_seconds');
  expect(steps?.unit).toBe('s');
  expect(pointsOf(steps).map(({ attributes }) => attributesOf(attributes)['step'])).toContain(
    'tls',
  );
  const ends = pointsOf(metricOf(all, 'sidelight_certificate_not_after_timestamp_seconds'));
  expect(ends.map(({ asDouble }) => asDouble)).toContain(Date.UTC(2027, 5, 1) / 1000);
});

test('looks and alerts are counted from reports, each once, with what was not reported one by one', async () => {
  const collector = await stubCollector();
  const { carry } = carrying(configFor(collector.url));
  const refused = reportOn(refusedWith(48));
  const at = (minute: number): string => `2026-11-23T14:0${minute}:00.000Z`;
  const first = batchOf([
    { ...acceptedReport('a'), time: at(0), attempt: { number: 1, repeats: 0 } },
    // Four looks like the first one, and then a refusal.
    { ...refused, id: 'b', time: at(5), attempt: { number: 6, repeats: 4 } },
    { ...refused, id: 'c', time: at(9), attempt: { number: 9, repeats: 2 }, event: 'heartbeat' },
  ]);
  await carry(first);
  // The same again, as after an answer that was lost, and one more.
  await carry([...first, ...batchOf([{ ...refused, id: 'd', time: at(9) }], 4)]);
  const [, again] = collector.of('metrics');
  const all = again ? metricsIn(again) : [];
  const looks = metricOf(all, 'sidelight_looks_total');
  expect(looks?.sum).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
  const counts = pointsOf(looks).map(({ attributes, asDouble, ...times }) => ({
    outcome: attributesOf(attributes)['outcome'],
    count: asDouble,
    from: times.startTimeUnixNano,
    to: times.timeUnixNano,
  }));
  const span = { from: nanos(at(0)), to: nanos(at(9)) };
  expect(counts).toEqual([
    { outcome: 'accepted', count: 5, ...span },
    { outcome: 'rejected', count: 5, ...span },
  ]);
  const [alerts] = pointsOf(metricOf(all, 'sidelight_alerts_total'));
  expect(alerts?.asDouble).toBe(5);
});

test('a report that cannot be read is set aside, and the others go', async () => {
  const collector = await stubCollector();
  const { carry } = carrying(configFor(collector.url));
  const [good] = batchOf([acceptedReport('good')]);
  const broken = { sequence: 2, id: 'broken', time: '', sizeBytes: 2, body: '{"id":' };
  const odd = JSON.stringify({
    ...acceptedReport('odd'),
    tls: { serverCertificates: [], certificateAuthorities: [5] },
  });
  const strange = { sequence: 4, id: 'odd', time: '', sizeBytes: 2, body: odd };
  const foreign = { sequence: 3, id: 'foreign', time: '', sizeBytes: 2, body: '{}' };
  expect(await carry([...(good ? [good] : []), broken, foreign, strange])).toEqual({
    verdict: 'delivered',
    refused: { ids: ['broken', 'foreign', 'odd'], reason: 'unreadable' },
  });
  expect(collector.of('logs').flatMap(recordsIn)).toHaveLength(1);
});
