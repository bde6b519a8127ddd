/** Which fields each format writes, with their types, over every report of the tests. */
import { isIP } from 'node:net';
import { formats } from '../../../src/format/formats.ts';
import { eventCodes, events } from '../../../src/report/event.ts';
import type { JsonSchema } from '../../../src/report/json-schema.ts';
import type { Report } from '../../../src/report/report.ts';
import { reportSchema } from '../../../src/report/schema.ts';
import { causeCases } from '../../diagnosis/cases/all.ts';
import { corpus, reportOn } from '../../report/corpus.ts';
import { parseCef, parseLeef, parseSyslog } from './parse-lines.ts';

const options = { colour: false, verbose: false };

/** Every kind of evidence that the tests know, as a change of state and as a heartbeat. */
export const manyReports: readonly Report[] = [
  ...Object.values(corpus),
  ...causeCases
    .flatMap(({ look, nearMiss }) => [look, nearMiss.look])
    .flatMap(({ evidence, baseline }) => [
      reportOn(evidence, baseline, { event: 'state-changed' }),
      reportOn(evidence, baseline, { event: 'heartbeat' }),
    ]),
];

/** A field with every value that was written to it. */
export type Written = ReadonlyMap<string, readonly unknown[]>;

export const releasedFormats = ['json', 'ecs', 'ocsf', 'cef', 'leef', 'syslog', 'events'] as const;
export type ReleasedFormat = (typeof releasedFormats)[number];

/** Name and type, as the lists of released fields have them. */
export function fieldsOf(format: ReleasedFormat): ReadonlyMap<string, string> {
  switch (format) {
    case 'json':
      return new Map(schemaFields('', reportSchema));
    case 'events':
      return new Map(
        eventCodes.map((code) => [code, `${events[code].kind} ${events[code].severity}`]),
      );
    default:
      return new Map([...writtenBy(format)].map(([name, values]) => [name, typeOfAll(values)]));
  }
}

type Line = Exclude<ReleasedFormat, 'json' | 'events'>;

const readers: Readonly<Record<Line, (line: string) => Iterable<readonly [string, unknown]>>> = {
  ecs: (line) => leavesOf('', JSON.parse(line)),
  ocsf: (line) => leavesOf('', JSON.parse(line)),
  cef: (line) => parseCef(line).fields,
  leef: (line) => parseLeef(line).fields,
  syslog: (line) => parseSyslog(line).fields,
};

export function writtenBy(format: Line, reports: readonly Report[] = manyReports): Written {
  const written = new Map<string, unknown[]>();
  for (const report of reports) {
    for (const [name, value] of readers[format](formats[format](report, options).trimEnd())) {
      const values = written.get(name) ?? [];
      values.push(value);
      written.set(name, values);
    }
  }
  return written;
}

/** As Elasticsearch sees a document: objects within lists have the path of the list. */
export function leavesOf(path: string, value: unknown): (readonly [string, unknown])[] {
  if (Array.isArray(value)) {
    const objects = value.filter((item) => typeof item === 'object');
    return objects.length > 0 ? objects.flatMap((item) => leavesOf(path, item)) : [[path, value]];
  }
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, item]) =>
    leavesOf(path === '' ? name : `${path}.${name}`, item),
  );
}

function typeOfAll(values: readonly unknown[]): string {
  const isList = values.some(Array.isArray);
  const items = values.flat();
  const type = types.find(([, fits]) => items.every(fits))?.[0] ?? 'mixed';
  return isList ? `${type}[]` : type;
}

type Fits = (value: unknown) => boolean;

const types: readonly (readonly [name: string, fits: Fits])[] = [
  ['boolean', (value) => typeof value === 'boolean'],
  ['long', (value) => Number.isSafeInteger(value)],
  ['date', (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value))],
  ['ip', (value) => typeof value === 'string' && isIP(value) !== 0],
  ['keyword', (value) => typeof value === 'string'],
];

export function fitsType(type: string, values: readonly unknown[]): boolean {
  const [, fits] = types.find(([name]) => name === type.replace('[]', '')) ?? [];
  const isList = type.endsWith('[]');
  return (
    fits !== undefined &&
    values.every((value) => Array.isArray(value) === isList) &&
    values.flat().every(fits)
  );
}

const definitions = reportSchema['$defs'] as Readonly<Record<string, JsonSchema>>;

function schemaFields(path: string, schema: JsonSchema): (readonly [string, string])[] {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    return schemaFields(path, definitions[reference.replace('#/$defs/', '')] ?? {});
  }
  const choice = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (choice)
    return choice.flatMap((each) => schemaFields(path, each)).filter(([, type]) => type !== 'null');
  if (schema['type'] === 'array') {
    return schemaFields(`${path}[]`, schema['items'] as JsonSchema);
  }
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
  if (!properties) return [[path, String(schema['type'] ?? typeof schema['const'])]];
  return Object.entries(properties).flatMap(([name, property]) =>
    schemaFields(path === '' ? name : `${path}.${name}`, property),
  );
}
