/**
 * Fields and events that others already build on: none may vanish or change its type. A new one is released with
 * `RELEASE=1 npx vitest run test/format/released-fields.test.ts`, which adds it to test/golden/fields.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fieldsOf, fitsType, releasedFormats, writtenBy } from './support/written-fields.ts';

const folder = resolve(import.meta.dirname, '../golden/fields');

const isReleasing = process.env['RELEASE'] !== undefined;

function releasedFields(format: string): ReadonlyMap<string, string> {
  const file = `${folder}/${format}.txt`;
  if (isReleasing && !existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => [line.replace(/ .*/, ''), line.replace(/^\S+ /, '')]));
}

test.for(releasedFormats)('%s: what was released is still written', (format) => {
  const now = fieldsOf(format);
  const gone = [...releasedFields(format).keys()].filter((name) => !now.has(name));
  expect(
    gone,
    `These fields of ${format} are released: rules, parsers and dashboards of others rest on them. They may not be removed or renamed; write both names where another is better.`,
  ).toEqual([]);
});

test.for(releasedFormats)('%s: what is written is released', (format) => {
  const released = releasedFields(format);
  const added = [...fieldsOf(format)].filter(([name]) => !released.has(name));
  if (isReleasing) return release(format, new Map([...released, ...added]));
  expect(
    added,
    `These fields of ${format} are new, and once released they stay: RELEASE=1 npx vitest run test/format/released-fields.test.ts adds them to the list.`,
  ).toEqual([]);
});

test.for(releasedFormats)('%s: what was released has its type', (format) => {
  const released = releasedFields(format);
  const message = `These fields of ${format} are released with another type, and an index refuses a second one.`;
  if (format === 'json' || format === 'events') {
    const now = fieldsOf(format);
    const changed = [...released].filter(([name, type]) => (now.get(name) ?? type) !== type);
    expect(changed, message).toEqual([]);
    return;
  }
  const changed = [...writtenBy(format)].filter(
    ([name, values]) => released.has(name) && !fitsType(released.get(name) ?? '', values),
  );
  expect(
    changed.map(([name]) => name),
    message,
  ).toEqual([]);
});

function release(format: string, fields: ReadonlyMap<string, string>): void {
  const lines = [...fields].map(([name, type]) => `${name} ${type}\n`).toSorted();
  writeFileSync(`${folder}/${format}.txt`, lines.join(''));
}
