/** The dictionary of events says what the program says. Renewed with `npx vitest run test/format/events-page.test.ts -u`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type EventCode, eventCodeOf, eventCodes } from '../../src/report/event.ts';
import { incidentEventCodes } from '../../src/report/incident-event.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { type FieldRow, fieldRows } from './support/events-fields.ts';
import { type Examples, eventsPage } from './support/events-page.ts';
import { fieldsOf } from './support/written-fields.ts';

const path = resolve(import.meta.dirname, '../../docs/events.md');

/** The first report of the corpus that is the event, but for those that tell little. */
const chosen: Partial<Record<EventCode, string>> = {
  'target-rejected': 'not-configured',
  'target-failed': 'server-untrusted',
};

const examples = Object.fromEntries(
  eventCodes.map((code): readonly [EventCode, Report | undefined] => [
    code,
    corpus[chosen[code] ?? ''] ??
      Object.values(corpus).find((report) => eventCodeOf(report) === code),
  ]),
) as Examples;

test.for(eventCodes)('%s has an example', (code) => {
  expect(eventCodeOf(examples[code])).toBe(code);
});

test('the page is the one that the program makes', async () => {
  await expect(eventsPage(examples)).toMatchFileSnapshot(path);
});

test('every event has one heading, and every heading of that shape is one of them', () => {
  const headings = [...readFileSync(path, 'utf8').matchAll(/^### ([a-z-]+)$/gm)].map(
    ([, code = '']) => code,
  );
  expect(headings.toSorted()).toEqual([...eventCodes, ...incidentEventCodes].toSorted());
});

type Column = Exclude<keyof FieldRow, 'meaning'>;

/** Names as the table has them: a finding's evidence without the word, syslog's parameters without their element. */
const shortName: Readonly<Record<Column, (name: string) => string>> = {
  ecs: (name) => name,
  ocsf: (name) => name.replace(/^evidences\./, ''),
  cef: (name) => name,
  leef: (name) => name,
  syslog: (name) => name.replace(/^sidelight@32473\./, ''),
};

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

const columns = ['ecs', 'ocsf', 'cef', 'leef', 'syslog'] as const;

test.for(columns)('every field of %s has one meaning, and every meaning a field', (column) => {
  const written = [...new Set([...fieldsOf(column).keys()].map(shortName[column]))];
  const patterns = fieldRows.flatMap((row) => row[column] ?? []);
  const meanings = (name: string): number =>
    patterns.filter((pattern) => fits(pattern, name)).length;
  expect(written.filter((name) => meanings(name) !== 1)).toEqual([]);
  expect(patterns.filter((pattern) => !written.some((name) => fits(pattern, name)))).toEqual([]);
});
