import { expect, test } from 'vitest';
import { recurring } from '../../../src/sink/log/recurring.ts';
import { steppedClock } from '../../state/temporary.ts';

test('trouble that stays is told at once, then more and more seldom, with how often it came, and when it is over', () => {
  const clock = steppedClock();
  const said: unknown[] = [];
  const trouble = recurring(clock, {
    tell: (facts) => said.push(facts),
    tellOver: (facts) => said.push(['over', facts]),
  });
  trouble.over();
  expect(said).toEqual([]);
  for (let second = 0; second <= 4 * 3_600; second += 1) {
    trouble.happened({ code: 'FULL' });
    clock.pass(1_000);
  }
  const times = said.map((facts) => (facts as { readonly times?: number }).times);
  // After 1, 2, 4, 8, 16, 32 minutes, and then every hour.
  expect(times).toEqual([undefined, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
  expect(said[0]).toEqual({ code: 'FULL' });
  trouble.over({ signal: 'logs' });
  expect(said.at(-1)).toEqual(['over', { signal: 'logs', times: 14_401 }]);
  trouble.over();
  trouble.happened();
  expect(said.slice(-2)).toEqual([['over', expect.anything()], {}]);
});
