/** Where JSON breaks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonFault } from '../../src/config/json-fault.ts';

test.for([
  ['{"a":1 "b":2}', 1, 8, 'a comma or }'],
  ['{"a" 1}', 1, 6, 'a colon'],
  ["{'a':1}", 1, 2, 'a key in double quotes'],
  ['[1,\n2,\n]', 3, 1, 'a value'],
  ['[1,2', 1, 5, 'a comma or ]'],
  ['{} x', 1, 4, 'the end of the file'],
  ['"\t"', 1, 1, 'a value'],
  ['[01]', 1, 3, 'a comma or ]'],
] as const)('%s breaks at line %i, column %i', ([text, line, column, expected]) => {
  expect(findJsonFault(text)).toEqual({ line, column, expected });
});

test('it agrees with JSON.parse about what is JSON', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const pieces = fc.constantFrom(
    ...'{}[],:"\\ \n0123-+.eEtruefalsnu\u007f\ud800'.split(''),
    'true',
    'null',
    '"a"',
  );
  const broken = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
  const cut = fc.tuple(fc.json(), fc.nat(40)).map(([text, at]) => text.slice(0, at));
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, cut), (text) => {
      expect(findJsonFault(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

test('it does not overflow on a tower of brackets', () => {
  expect(findJsonFault('['.repeat(100_000))?.expected).toBe('at most 64 levels');
});
