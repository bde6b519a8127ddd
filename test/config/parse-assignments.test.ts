/** `NAME=value` lines. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAssignments } from '../../src/config/parse-assignments.ts';

test.for([
  ['A=b', { A: 'b' }],
  ['export A=b', { A: 'b' }],
  ['  A = b', {}],
  ['A=', { A: '' }],
  ["A=''", { A: '' }],
  ['A=b c', { A: 'b c' }],
  ['A=-Xms64M -Dx=y', { A: '-Xms64M -Dx=y' }],
  ["A='b c' # why", { A: 'b c' }],
  ['A="b \\"c\\" \\\\ \\$d \\e"', { A: 'b "c" \\ $d \\e' }],
  ["A='it'\\''s'", { A: "it's" }],
  ['A=b\\ c', { A: 'b c' }],
  ["A='open", { A: 'open' }],
  ['A=b#c', { A: 'b#c' }],
  ['# A=b', {}],
  ['A=1\nA=2', { A: '2' }],
  ['\ufeffA=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['1A=b\n-B=c\nno assignment', {}],
  ["A='b'\0B=c\nd\0", { A: "'b'", B: 'c\nd' }],
] as const)('%j', ([text, expected]) => {
  expect(Object.fromEntries(parseAssignments(text))).toEqual(expected);
});

test('what a shell quotes comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      fc.pre(!/[\n\r\0]/.test(value));
      const quoted = `'${value.replaceAll("'", "'\\''")}'`;
      expect(parseAssignments(`A=${quoted}`).get('A')).toBe(value);
    }),
  );
});

test('any text is read in time that grows with its length', () => {
  const long = `A=${'"\\'.repeat(200_000)}`;
  expect(parseAssignments(long).has('A')).toBe(true);
});
