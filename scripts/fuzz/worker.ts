/** Feeds one target in a thread of its own, and shows the input at hand to whoever watches it. */
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { keptInputs } from './corpus.ts';
import { judge, signature } from './judge.ts';
import { minimise } from './minimise.ts';
import { mutate } from './mutate.ts';
import { randomIntegers } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { type FuzzTargetName, fuzzTargets } from './targets.ts';

export interface Work {
  readonly target: FuzzTargetName;
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  /** The octets of the input at hand. */
  readonly shown: SharedArrayBuffer;
  /** How long those are, and how many inputs there were. */
  readonly counters: SharedArrayBuffer;
}

export type Found =
  | { readonly kind: 'failure'; readonly failure: string; readonly octets: Uint8Array }
  | { readonly kind: 'done'; readonly inputs: number; readonly slowestMs: number };

const work = workerData as Work;
const shown = new Uint8Array(work.shown);
const counters = new Int32Array(work.counters);
const maxDistinctFailures = 20;

const show = (octets: Uint8Array, number: number): void => {
  shown.set(octets.subarray(0, shown.length));
  Atomics.store(counters, 0, Math.min(octets.length, shown.length));
  Atomics.store(counters, 1, number);
};

const tell = (found: Found): void => parentPort?.postMessage(found);

async function reportFailure(
  target: FuzzTarget,
  octets: Uint8Array,
  failure: string,
  number: number,
): Promise<void> {
  const wanted = signature(failure);
  let tried = 0;
  // What is slow is slow to make smaller.
  const least = await minimise(
    octets,
    async (candidate) => {
      tried += 1;
      show(candidate, number + tried);
      const again = await judge(target, candidate);
      return again.failure !== undefined && signature(again.failure) === wanted;
    },
    failure.startsWith('took') ? 100 : 3_000,
  );
  tell({ kind: 'failure', failure, octets: least });
}

async function feed(): Promise<void> {
  const loaded = await fuzzTargets[work.target]();
  const kept = keptInputs(work.target).map(({ octets }) => octets);
  const target: FuzzTarget = { ...loaded, seeds: [...loaded.seeds, ...kept] };
  const integer = randomIntegers(work.seed);
  const seen = new Set<string>();
  const until = performance.now() + work.seconds * 1000;
  let number = 0;
  let slowestMs = 0;
  while (number < work.inputs && performance.now() < until && seen.size < maxDistinctFailures) {
    // Node frees what its crypto objects hold between turns of the event loop, not within one.
    if (number % 500 === 0) await setImmediate();
    const octets =
      number < target.seeds.length
        ? (target.seeds[number] ?? new Uint8Array(0))
        : mutate(target, integer);
    number += 1;
    show(octets, number);
    const { failure, tookMs } = await judge(target, octets);
    slowestMs = Math.max(slowestMs, tookMs);
    if (failure === undefined || seen.has(signature(failure))) continue;
    seen.add(signature(failure));
    await reportFailure(target, octets, failure, number);
  }
  tell({ kind: 'done', inputs: number, slowestMs });
}

await feed();
