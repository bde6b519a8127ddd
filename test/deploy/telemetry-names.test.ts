/** Rules, dashboards and detections name only what the code writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnosis/catalogue.ts';
import { eventCodes } from '../../src/report/event.ts';
import { metricNames } from '../../src/sink/metrics/metrics.ts';

const deploy = resolve(import.meta.dirname, '../../deploy');
const docs = resolve(import.meta.dirname, '../../docs');
const read = (...path: readonly string[]): string => readFileSync(join(deploy, ...path), 'utf8');

/** Metrics have at least two words; what else begins so is a file or a word. */
function metricsNamedIn(text: string): readonly string[] {
  const names = text.match(/\b(?:probe|sidelight)_[a-z0-9]+(?:_[a-z0-9]+)*\b/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/(?<=_seconds)_(?:bucket|sum|count)$/, '')))];
}

test.for([
  ['prometheus', 'rules.yaml'],
  ['prometheus', 'rules-tests.yaml'],
  ['grafana', 'sidelight.json'],
] as const)('every metric in %s/%s is one of ours', (path) => {
  const named = metricsNamedIn(read(...path));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !metricNames.includes(name))).toEqual([]);
});

test('the documentation names every metric, and no other', () => {
  const text = readFileSync(join(docs, 'siem.md'), 'utf8');
  const table = text.slice(text.indexOf('## Metrics'), text.indexOf('## Detections'));
  const named = [...table.matchAll(/^\| `([a-z0-9_]+)/gm)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual([...metricNames].toSorted());
});

test('every alert has a test that it fires', () => {
  const alerts = [...read('prometheus', 'rules.yaml').matchAll(/- alert: (\w+)/g)].map(
    ([, name = '']) => name,
  );
  const tests = read('prometheus', 'rules-tests.yaml');
  const fired = [...tests.matchAll(/alertname: (\w+)\n\s+exp_alerts:\n/g)].map(([, name]) => name);
  expect(alerts.length).toBeGreaterThan(8);
  expect(alerts.filter((name) => !fired.includes(name))).toEqual([]);
});

const causes = catalogue.map(({ code }) => code);

test('every cause in the rules is in the catalogue', () => {
  const text = read('prometheus', 'rules.yaml');
  const named = [...text.matchAll(/\b(?:cause|warning)="([^"]+)"/g)].map(([, code = '']) => code);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((code) => !causes.includes(code))).toEqual([]);
});

const released = readFileSync(resolve(import.meta.dirname, '../golden/fields/ecs.txt'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.replace(/ .*/, ''));

test.for(readdirSync(join(deploy, 'sigma')))(
  'sigma/%s asks for fields and values that are written',
  (file) => {
    const text = read('sigma', file);
    const keys = [...text.matchAll(/^ {4}([a-z_]+(?:\.[a-z0-9_]+)+):/gm)].map(
      ([, key = '']) => key,
    );
    const listed = [...text.matchAll(/^ {2,4}(?:- |field: )([a-z_]+(?:\.[a-z0-9_]+)+)$/gm)]
      .map(([, key = '']) => key)
      .filter((key) => !/^(?:attack|tls\.certificateAuthorities|tls\.clientCertificate)/.test(key));
    const fields = [...keys, ...listed];
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => !released.includes(field))).toEqual([]);
    expect(
      valuesOf(text, 'event.code').filter((code) => !eventCodes.some((each) => each === code)),
    ).toEqual([]);
    expect(valuesOf(text, 'sidelight.cause.code').filter((code) => !causes.includes(code))).toEqual(
      [],
    );
  },
);

/** Of one key: beside it, or as a list below it. */
function valuesOf(text: string, key: string): readonly string[] {
  const escaped = key.replaceAll('.', '\\.');
  const blocks = text.matchAll(
    new RegExp(`^ {4}${escaped}:(?: (\\S+))?\\n((?: {6}- \\S+\\n)*)`, 'gm'),
  );
  return [...blocks].flatMap(([, one, list = '']) => [
    ...(one ? [one] : []),
    ...[...list.matchAll(/- (\S+)/g)].map(([, value = '']) => value),
  ]);
}
