/** What cannot be kept is said once and not at every look. */
import { expect, test } from 'vitest';
import { keepBaseline, keepingTroubles, keepWarned } from '../../src/agent/keep-baseline.ts';
import { steppedClock } from '../state/temporary.ts';
import { answered } from '../support/evidence.ts';

test('a disk that takes neither baseline nor warnings fills no log', () => {
  const clock = steppedClock();
  const said: unknown[] = [];
  const note = (message: string, facts?: object) => void said.push([message, facts]);
  const troubles = keepingTroubles(clock, { info: note, warn: note });
  let isFull = true;
  const store = {
    get: () => undefined,
    put: () => {
      if (isFull) throw Object.assign(new Error('full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    },
  };
  const warned = { ...store, get: () => [] };
  for (let second = 0; second < 50; second += 1) {
    keepBaseline(answered({ status: 200 }), store, troubles);
    keepWarned('t', ['w'], warned, troubles);
    clock.pass(1_000);
  }
  const code = 'ERR_SQLITE_ERROR';
  expect(said).toEqual([
    ['the baseline was not kept', { code }],
    ['which warnings were told was not kept', { code }],
  ]);
  isFull = false;
  keepBaseline(answered({ status: 200 }), store, troubles);
  keepBaseline(answered({ status: 200 }), store, troubles);
  expect(said.slice(2)).toEqual([['the baseline is kept again', { times: 50 }]]);
});
