/** The schema says exactly what a report is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../src/report/json-schema.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { causeCases } from '../diagnosis/cases/all.ts';
import { corpus, reportOn } from './corpus.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(reportSchema);

const problemsOf = (document: unknown): readonly string[] => {
  validate(JSON.parse(JSON.stringify(document)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test.for(Object.entries(corpus))('the report %s is valid', ([, report]) => {
  expect(problemsOf(report)).toEqual([]);
});

test.for(causeCases)(
  'the report of $code ($when) is valid, and of its near miss',
  ({ look, nearMiss }) => {
    expect(problemsOf(reportOn(look.evidence, look.baseline))).toEqual([]);
    expect(problemsOf(reportOn(nearMiss.look.evidence, nearMiss.look.baseline))).toEqual([]);
  },
);

const report = reportOn(causeCases[0]!.look.evidence);

test.for([
  ['a field of its own', { ...report, extra: 1 }],
  ['a field of its own inside', { ...report, agent: { ...report.agent, secret: 'x' } }],
  [
    'a missing field',
    Object.fromEntries(Object.entries(report).filter(([name]) => name !== 'steps')),
  ],
  ['five steps', { ...report, steps: report.steps.slice(1) }],
  ['another schema', { ...report, schema: 'sidelight.report/2' }],
  ['an unknown outcome', { ...report, outcome: 'connected' }],
  ['a time with an offset', { ...report, time: '2026-11-23T14:00:00+01:00' }],
] as const)('a report with %s is not valid', ([, document]) => {
  expect(problemsOf(document)).not.toEqual([]);
});

/** Interfaces as they stand in the source: name, and every property declared on a line of its own. */
function* interfacesIn(
  file: string,
): Generator<readonly [name: string, properties: readonly string[]]> {
  const source = readFileSync(resolve(import.meta.dirname, '../../src', file), 'utf8');
  for (const [, name = '', body = ''] of source.matchAll(
    /^export interface (\w+)[^{]*\{\n(.*?)^\}/gms,
  )) {
    yield [
      name,
      [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = '']) => property),
    ];
  }
}

const definitions = reportSchema['$defs'] as Readonly<Record<string, JsonSchema>>;
const declared = [
  'evidence/evidence.ts',
  'report/report.ts',
  'diagnosis/diagnose.ts',
  'diagnosis/warning.ts',
  'diagnosis/baseline.ts',
  'diagnosis/delegate-view.ts',
]
  .flatMap((file) => [...interfacesIn(file)])
  .filter(([name]) => name !== 'Candidate' && name !== 'Baseline');

test('the source declares the types that the schema is held to', () => {
  expect(declared.length).toBeGreaterThan(25);
});

test.for(declared)(
  '%s has in the schema every property that it has in the code',
  ([name, properties]) => {
    const schema = ['Evidence', 'Diagnosis', 'Report'].includes(name)
      ? reportSchema
      : definitions[name];
    expect(Object.keys((schema?.['properties'] ?? {}) as object)).toEqual(
      expect.arrayContaining([...properties]),
    );
  },
);
