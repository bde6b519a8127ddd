/** Times and numbers in words, and the picture of a crowd. */
import { expect, test } from 'vitest';
import { textOf } from '../../../src/format/html/markup.ts';
import { isWithinPage } from '../../../src/home/page/address.ts';
import { drawCells } from '../../../src/home/page/draw-cells.ts';
import {
  agoInWords,
  countInWords,
  durationInWords,
  moment,
  type State,
  shareInWords,
} from '../../../src/home/page/in-words.ts';

const nowMs = Date.parse('2025-08-26T13:20:00.000Z');

test.for([
  [0, 'less than a second'],
  [1_000, '1 second'],
  [59_999, '59 seconds'],
  [80 * 60_000, '1 hour 20 minutes'],
  [3 * 86_400_000 + 60_000, '3 days'],
  [-5, 'less than a second'],
] as const)('%i ms lasts %s', ([ms, words]) => {
  expect(durationInWords(ms)).toBe(words);
});

test.for([
  [nowMs, 'just now'],
  [nowMs - 90 * 60_000, '1 hour ago'],
  [nowMs + 90_000, 'in 1 minute'],
] as const)('at %i: %s', ([ms, words]) => {
  expect(agoInWords(ms, nowMs)).toBe(words);
});

test('a time says both when and how long ago, with the day where it is another', () => {
  expect(textOf(moment(nowMs - 60_000, nowMs))).toBe(
    '<time datetime="2025-08-26T13:19:00.000Z">13:19:00 UTC</time> <span class="soft nowrap">1 minute ago</span>',
  );
  expect(textOf(moment(nowMs - 86_400_000, nowMs))).toContain('>2025-08-25 13:20:00 UTC<');
  expect(textOf(moment(9e15, nowMs))).toBe('–');
});

test('what is not all is never said to be, nor what is not none', () => {
  expect([shareInWords(9_999, 10_000), shareInWords(1, 10_000)]).toEqual([
    ...['above 99 %', 'below 1 %'],
  ]);
  expect([shareInWords(5, 5), shareInWords(0, 5), shareInWords(0, 0)]).toEqual([
    ...['100 %', '0 %', '0 %'],
  ]);
  expect(countInWords(1_234_567)).toBe('1,234,567');
});

test('ten thousand cells are small in any order, and each is drawn once', () => {
  const states = ['accepted', 'rejected', 'failed', 'silent', 'unconfirmed'] as const;
  const worst = Array.from({ length: 10_000 }, (_, index): State => states[index % 5] ?? 'failed');
  const drawn = textOf(drawCells(worst, 'everybody'));
  expect(drawn.length).toBeLessThan(120_000);
  const lengths = [...drawn.matchAll(/h(\d+)/g)].map(([, length]) => Number(length));
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(10_000);
  const calm = textOf(
    drawCells(
      worst.map(() => 'accepted'),
      'everybody',
    ),
  );
  expect(calm.length).toBeLessThan(2_000);
  expect(calm.match(/<path/g)).toHaveLength(1);
});

test.for([
  ['/ui/', true],
  ['/ui/delegate?of=a', true],
  ['/ui', false],
  ['//ui/', false],
  ['/ui/\n', false],
  ['/ui/\\', false],
] as const)('%j is within the page: %s', ([to, isWithin]) => {
  expect(isWithinPage(to)).toBe(isWithin);
});
