/** Every cause: where it is the answer, and a neighbour where it is not. */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnosis/catalogue.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { causeCases } from './cases/all.ts';

test.for(causeCases)('$code: $when', ({ code, confidence, look }) => {
  const { cause } = diagnose(look.evidence, look.baseline);
  expect({ code: cause?.code, confidence: cause?.confidence }).toEqual({ code, confidence });
});

test.for(causeCases)('not $code: $nearMiss.when', ({ code, nearMiss }) => {
  const { cause } = diagnose(nearMiss.look.evidence, nearMiss.look.baseline);
  expect(nearMiss.instead).not.toBe(code);
  expect(cause?.code ?? null).toBe(nearMiss.instead);
});

test('every cause of the catalogue has its cases, and every case its cause', () => {
  const inCatalogue = new Set(catalogue.map(({ code }) => code));
  expect(new Set(causeCases.map(({ code }) => code))).toEqual(inCatalogue);
});

test('no code stands twice in the catalogue', () => {
  const codes = catalogue.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)]);
});

test.for(catalogue)(
  '$code outranks only causes that exist, and not itself',
  ({ code, outranks = [] }) => {
    const codes = catalogue.map((cause) => cause.code);
    expect(outranks.filter((other) => other === code || !codes.includes(other))).toEqual([]);
  },
);

test.for(catalogue)('$code is documented in whole sentences', ({ code, title, documentation }) => {
  expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  expect(title).not.toMatch(/\.$/);
  expect(documentation).toMatch(/^[A-Z].*\.$/);
  expect(documentation.split('. ').length).toBeGreaterThanOrEqual(2);
});
