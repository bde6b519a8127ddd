/** The program with a Collector: one report of `check`, and what is loaded for it only then. */
import { expect, test } from 'vitest';
import { attributesOf } from '../sink/otlp/decode.ts';
import { recordsIn, stubCollector } from '../sink/otlp/stub-collector.ts';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Nobody listens there, which is an answer as well. */
const target = 'https://127.0.0.1:1/';

test('check sends its report to the Collector that the environment describes', async () => {
  const collector = await stubCollector();
  const { code, stdout, stderr } = await sidelight(
    ['check', target, '--format', 'json', '--otlp', 'env', '--state-dir', temporaryDirectory()],
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary',
      OTEL_SERVICE_NAME: 'edge',
    },
  );
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as { id: string; sequence: number };
  const [logs] = collector.of('logs');
  const [record] = logs ? recordsIn(logs) : [];
  expect(attributesOf(record?.attributes ?? [])).toMatchObject({
    'log.record.uid': report.id,
    'sidelight.sequence': report.sequence,
    'sidelight.outcome': 'failed',
  });
  expect(logs?.headers['api-key']).toBe('canary');
  expect(collector.of('metrics')).toHaveLength(1);
  expect(stdout + stderr).not.toContain('canary');
});

test('without --otlp nothing is sent, whatever the environment says', async () => {
  const collector = await stubCollector();
  await sidelight(['check', target], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(collector.received).toEqual([]);
});

test('a report that the Collector did not take waits for the next look', async () => {
  const collector = await stubCollector(() => ({ status: 503 }));
  const stateDir = temporaryDirectory();
  const args = [
    'check',
    target,
    '--experiments',
    'off',
    '--otlp',
    collector.url,
    '--state-dir',
    stateDir,
  ];
  const { stderr } = await sidelight(args);
  expect(stderr).toContain('1 report(s)');
  const before = collector.of('logs').length;
  collector.behave(() => ({ status: 200 }));
  await sidelight(args);
  const records = collector.of('logs').slice(before).flatMap(recordsIn);
  expect(records).toHaveLength(2);
});
