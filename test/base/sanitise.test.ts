import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxValueLength, sanitise } from '../../src/base/sanitise.ts';

test.for([
  ['a line end', 'a\r\nb', 'a\\u000d\\u000ab'],
  ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
  ['C1 controls', '\u009b31m\u0085', '\\u009b31m\\u0085'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['bidirectional marks', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['zero-width characters', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['a soft hyphen', 'gate\u00adway', 'gate\\u00adway'],
  ['fillers and joiners', '\u115f\u3164\uffa0\u034f', '\\u115f\\u3164\\uffa0\\u034f'],
  ['variation selectors', 'a\ufe01\u{e0100}', 'a\\ufe01\\u{e0100}'],
  ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
  ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
  ['other scripts, which stay', 'Ελλάς 東京 🔒', 'Ελλάς 東京 🔒'],
])('%s', ([, given, expected]) => {
  expect(sanitise(given ?? '')).toBe(expected);
});

test('a long string is cut, and the cut is marked', () => {
  const cut = sanitise('x'.repeat(100_000));
  expect(cut).toHaveLength(maxValueLength);
  expect(cut.endsWith('x…')).toBe(true);
});

test('whatever goes in, what comes out is short, well-formed and can drive no terminal', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 2000 });
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 300 }), (text, maxLength) => {
      const safe = sanitise(text, maxLength);
      expect(safe.length).toBeLessThanOrEqual(maxLength);
      expect(safe.isWellFormed()).toBe(true);
      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 2000 },
  );
});
