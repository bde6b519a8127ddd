/** The Collector's example configurations: whole YAML, in which everything that is named is there, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const directory = resolve(import.meta.dirname, '../../deploy/otel-collector');
const files = readdirSync(directory);

type Parts = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
type Kind = 'receivers' | 'processors' | 'exporters';
interface Collector extends Readonly<Record<Kind | 'extensions', Parts>> {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Readonly<Record<Kind, readonly string[]>>>>;
  };
}

const read = (file: string): Collector =>
  parse(readFileSync(join(directory, file), 'utf8'), { strict: true, uniqueKeys: true });

test('there is one for each road of the documentation', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/otlp.md'), 'utf8');
  expect(files).toEqual(
    expect.arrayContaining(
      ['kafka', 'elasticsearch', 'splunk', 'prometheus'].map((name) => `${name}.yaml`),
    ),
  );
  for (const file of files.filter((name) => name !== 'config.yaml')) {
    expect(text).toContain(`(../deploy/otel-collector/${file})`);
  }
});

test.for(files)('%s: pipelines name what is configured, and all of it', (file) => {
  const { service, ...collector } = read(file);
  const pipelines = Object.values(service.pipelines);
  expect(Object.keys(service.pipelines).toSorted()).toEqual(['logs', 'metrics']);
  for (const kind of ['receivers', 'processors', 'exporters'] as const) {
    const named = new Set(pipelines.flatMap((pipeline) => pipeline[kind] ?? []));
    expect([...named].toSorted()).toEqual(Object.keys(collector[kind]).toSorted());
  }
  expect(service.extensions.toSorted()).toEqual(Object.keys(collector.extensions).toSorted());
  for (const { processors, receivers, exporters } of pipelines) {
    expect(receivers.length * exporters.length).toBeGreaterThan(0);
    // Memory is to be watched before anything else is done.
    expect(processors[0]).toBe('memory_limiter');
  }
});

test.for(files.filter((name) => name !== 'config.yaml'))(
  '%s: agents are known, and queues are on disk',
  (file) => {
    const { receivers, exporters, extensions } = read(file);
    expect(receivers).toMatchObject({
      otlp: {
        protocols: {
          http: { endpoint: '0.0.0.0:4318', tls: { client_ca_file: expect.any(String) } },
        },
      },
    });
    const queues = Object.values(exporters).flatMap(
      (exporter) => exporter?.['sending_queue'] ?? [],
    );
    expect(queues.length).toBeGreaterThan(0);
    for (const queue of queues) {
      const { storage } = queue as { storage?: string };
      expect(Object.keys(extensions)).toContain(storage);
    }
  },
);

test.for(files)('%s: no secret stands in it', (file) => {
  for (const exporter of Object.values(read(file).exporters)) {
    const secrets = [exporter?.['token'], exporter?.['api_key']].filter(
      (each) => each !== undefined,
    );
    for (const secret of secrets) expect(secret).toMatch(/^\$\{env:[A-Z_]+\}$/);
  }
});
