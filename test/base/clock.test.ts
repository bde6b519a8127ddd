import { expect, test } from 'vitest';
import { isoTime, parseTime, systemClock } from '../../src/base/clock.ts';

test('a sleep that is aborted ends at once, and without an error', async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort();
  await sleeping;
  await systemClock.sleep(60_000, controller.signal);
});

test('a timer that is cancelled does not fire', async () => {
  let fired = false;
  systemClock.after(1, () => {
    fired = true;
  })();
  await systemClock.sleep(20);
  expect(fired).toBe(false);
});

test.for([
  ['2026-11-23T14:00:00.123Z', '2026-11-23T14:00:00.123Z'],
  ['2026-11-23T15:00:00+01:00', '2026-11-23T14:00:00.000Z'],
  ['Mon, 23 Nov 2026 14:00:00 GMT', '2026-11-23T14:00:00.000Z'],
  ['23 November', undefined],
  ['', undefined],
] as const)('%s reads as %s', ([text, expected]) => {
  const epochMs = parseTime(text);
  expect(epochMs === undefined ? undefined : isoTime(epochMs)).toBe(expected);
});
