/** How `run` stays out of the delegate's way, and when it ends itself. */
import { expect, test } from 'vitest';
import { ceilingOf, type OwnProcess, stepBack, watchMemory } from '../../src/agent/neighbour.ts';
import type { ProgramLog } from '../../src/agent/ports.ts';
import type { Clock } from '../../src/base/clock.ts';

const mebibyte = 1024 * 1024;

function makeLog() {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const log: ProgramLog = { info: say, warn: say };
  return { log, said };
}

/** Time passes when `pass` is called, up to the next thing that is due. */
function makeClock() {
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: async () => undefined,
    after: (_, callback) => {
      waiting.push(callback);
      return () => void waiting.splice(waiting.indexOf(callback), 1);
    },
  };
  return { clock, waiting, pass: () => waiting.shift()?.() };
}

function grow(sizes: readonly number[]): OwnProcess {
  const left = sizes.map((size) => size * mebibyte);
  return {
    lowerPriority: () => undefined,
    offerMemory: () => undefined,
    residentBytes: () => left.shift() ?? 0,
  };
}

test.for([
  [undefined, 256],
  [128, 115],
  [4096, 256],
] as const)('where %s MiB are allowed the ceiling is %s MiB', ([allowed, expected]) => {
  const own = allowed === undefined ? {} : { allowedBytes: allowed * mebibyte };
  expect(Math.floor(ceilingOf(own) / mebibyte)).toBe(expected);
});

test.for([
  [[300, 300], true],
  [[300, 100, 300, 100], false],
  [[100, 300, 257], true],
  [[256, 256, 256], false],
] as const)('resident %j MiB, one look after the other: ends %s', ([sizes, ends]) => {
  const { clock, pass } = makeClock();
  let ended = 0;
  watchMemory(grow(sizes), clock, makeLog().log, () => ended++);
  for (const _ of sizes) pass();
  expect(ended).toBe(ends ? 1 : 0);
});

test('a watch that is over looks no more', () => {
  const { clock, waiting, pass } = makeClock();
  const unwatch = watchMemory(grow([100, 100]), clock, makeLog().log, () => undefined);
  pass();
  unwatch();
  expect(waiting).toEqual([]);
});

test('a system that refuses is no reason to end', () => {
  const { log, said } = makeLog();
  const refuse = (): never => {
    throw Object.assign(new Error(), { code: 'EPERM' });
  };
  stepBack({ lowerPriority: refuse, offerMemory: refuse, residentBytes: () => 0 }, log);
  expect(said).toEqual(['the priority could not be lowered', 'memory could not be offered']);
});
