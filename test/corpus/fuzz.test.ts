/** Whatever is fuzzed: its good inputs, a few hundred damaged ones, and every input on which something once failed. */
import { describe, expect, test } from 'vitest';
import { keptInputs } from '../../scripts/fuzz/corpus.ts';
import { judge } from '../../scripts/fuzz/judge.ts';
import { minimise } from '../../scripts/fuzz/minimise.ts';
import { mutate } from '../../scripts/fuzz/mutate.ts';
import { randomIntegers } from '../../scripts/fuzz/random.ts';
import { fuzzTargetNames, fuzzTargets } from '../../scripts/fuzz/targets.ts';

const damaged = 200;

describe.for(fuzzTargetNames)('%s', (name) => {
  test('holds for every input that is good, damaged, or once failed', async () => {
    // Time is bounded where the fuzzer runs, and not beside other tests.
    const target = { ...(await fuzzTargets[name]()), maxMs: 10_000 };
    const integer = randomIntegers(20_261_123);
    expect(target.seeds.length).toBeGreaterThan(0);
    const inputs = [
      ...keptInputs(name).map(({ octets }) => octets),
      ...target.seeds,
      ...Array.from({ length: damaged }, () => mutate(target, integer)),
    ];
    for (const octets of inputs) {
      const { failure } = await judge(target, octets);
      if (failure !== undefined) expect.fail(`${failure}\n${Buffer.from(octets).toString('hex')}`);
    }
  });
});

test('the same seed damages in the same way', () => {
  const target = { seeds: [Buffer.from('abcdef'), Buffer.alloc(100)], words: ['x'], run: () => {} };
  const some = (seed: number): string[] => {
    const integer = randomIntegers(seed);
    return Array.from({ length: 50 }, () => mutate(target, integer).toString('hex'));
  };
  expect(some(1)).toEqual(some(1));
  expect(some(1)).not.toEqual(some(2));
});

test('a failing input is made as small as the failure allows', async () => {
  const input = Buffer.from(`${'a'.repeat(300)}X${'b'.repeat(200)}Y${'c'.repeat(99)}`);
  const least = await minimise(
    input,
    async (candidate) => /X.*Y/.test(Buffer.from(candidate).toString()),
    3_000,
  );
  expect(Buffer.from(least).toString()).toBe('XY');
});

test('an input that takes too long is a failure', async () => {
  const burn = (): void => {
    for (const before = process.cpuUsage(); process.cpuUsage(before).user < 30_000; );
  };
  const { failure } = await judge({ seeds: [], maxMs: 5, run: burn }, Buffer.alloc(1));
  expect(failure).toMatch(/ms of CPU/);
});
