/** Whether what was read back has the shape of a report: held to a validator that is not ours. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findShapeFault, understoodKeywords } from '../../src/report/conforms.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { corpus } from './corpus.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true }).compile(reportSchema);

/** What ajv has against it besides properties that it does not know, which we let pass. */
const faultsByAjv = (value: unknown): number => {
  ajv(value);
  return (ajv.errors ?? []).filter(({ keyword }) => keyword !== 'additionalProperties').length;
};

const reports = Object.entries(corpus).map(
  ([name, report]) => [name, JSON.parse(JSON.stringify(report)) as object] as const,
);

test.for(reports)('the report %s has the shape of one', ([, report]) => {
  expect(findShapeFault(report, reportSchema)).toBeUndefined();
});

test('a property of a later version is no fault', () => {
  const [, report] = reports[0]!;
  expect(findShapeFault({ ...report, later: 1 }, reportSchema)).toBeUndefined();
});

test.for([
  ['schema', { schema: 'x' }, 'is not "sidelight.report/1"'],
  ['time', { time: 'yesterday' }, 'is not written as it should be'],
  ['steps', { steps: [] }, 'has too few items'],
  ['outcome', { outcome: 'fine' }, 'is none of the values allowed'],
  ['attempt.number', { attempt: { number: 0, repeats: 0 } }, 'is below 1'],
  ['attempt.repeats', { attempt: { number: 1 } }, 'is missing'],
  ['alerts[0]', { alerts: [null] }, 'is not of type object'],
] as const)('a fault at %s is named with its place', ([path, change, what]) => {
  const [, report] = reports[0]!;
  expect(findShapeFault({ ...report, ...change }, reportSchema)).toEqual({ path, what });
});

test('every keyword of the schema is understood', () => {
  const describing = ['$schema', '$id', 'title', 'description', '$defs', 'additionalProperties'];
  const known = new Set([...understoodKeywords, ...describing]);
  const unknown = [...keywordsOf(reportSchema)].filter((keyword) => !known.has(keyword));
  expect(unknown).toEqual([]);
});

function* keywordsOf(schema: object): Generator<string> {
  yield* Object.keys(schema);
  for (const each of schemasWithin(schema as Readonly<Record<string, object>>)) {
    yield* keywordsOf(each);
  }
}

function schemasWithin(schema: Readonly<Record<string, object>>): readonly object[] {
  const { properties = {}, $defs = {}, items, anyOf = [] } = schema;
  const named = [properties, $defs, anyOf].flatMap((each) => Object.values(each) as object[]);
  return items ? [...named, items] : named;
}

function replaced(value: unknown, choices: readonly number[], other: unknown): unknown {
  if (typeof value !== 'object' || value === null || choices.length === 0) return other;
  const [choice = 0, ...rest] = choices;
  const names = Object.keys(value);
  const name = names[choice % Math.max(names.length, 1)];
  if (name === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const within = replaced((value as Record<string, unknown>)[name], rest, other);
  return Object.assign(copy, { [name]: within });
}

test('a damaged report has a fault for us exactly when it has one for ajv', () => {
  const damage = fc.tuple(
    fc.constantFrom(...reports),
    fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(damage, ([[, report], choices, other]) => {
      const damaged = replaced(report, choices, other);
      const ours = findShapeFault(damaged, reportSchema) !== undefined;
      expect(ours).toBe(faultsByAjv(damaged) > 0);
    }),
    { numRuns: 1500 },
  );
});
