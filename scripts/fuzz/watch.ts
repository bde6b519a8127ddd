/** One target in a thread that is bounded in memory and watched: an input that never ends, or takes it all, is a failure like another. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { keepInput } from './corpus.ts';
import type { FuzzTargetName } from './targets.ts';
import type { Found, Work } from './worker.ts';

export interface Fuzzed {
  readonly inputs: number;
  readonly slowestMs: number;
  readonly tookMs: number;
  /** Each with the file that holds its input. */
  readonly failures: readonly { readonly failure: string; readonly path: string }[];
}

/** Of one input, in wall time: far more than any bound on CPU, for the machine has other things to do. */
const hungAfterMs = 30_000;
const maxHeapMegabytes = 256;
const maxShownBytes = 256 * 1024;

export function fuzzOne(
  target: FuzzTargetName,
  bounds: Pick<Work, 'seed' | 'inputs' | 'seconds'>,
): Promise<Fuzzed> {
  const shown = new SharedArrayBuffer(maxShownBytes);
  const counters = new SharedArrayBuffer(8);
  const counted = new Int32Array(counters);
  const started = performance.now();
  const failures: { failure: string; path: string }[] = [];
  const work: Work = { target, ...bounds, shown, counters };
  const worker = new Worker(join(import.meta.dirname, 'worker.ts'), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  });
  return new Promise((resolve) => {
    let slowestMs = 0;
    let inputs = 0;
    let lastNumber = -1;
    let isDone = false;
    const keep = (failure: string, octets: Uint8Array): void =>
      void failures.push({ failure, path: keepInput(target, octets) });
    const atHand = (): Uint8Array => new Uint8Array(shown).slice(0, Atomics.load(counted, 0));
    const finish = (): void => {
      clearInterval(watching);
      // Whatever it waited for can never come.
      if (!isDone && failures.length === 0) keep('was never done', atHand());
      resolve({ inputs, slowestMs, tookMs: performance.now() - started, failures });
    };
    const watching = setInterval(() => {
      const number = Atomics.load(counted, 1);
      if (number === lastNumber) {
        keep('never ended', atHand());
        void worker.terminate();
      }
      lastNumber = number;
    }, hungAfterMs);
    worker.on('message', (found: Found) => {
      if (found.kind === 'failure') keep(found.failure, found.octets);
      else {
        isDone = true;
        ({ slowestMs, inputs } = found);
      }
    });
    worker.on('error', (error: Error) => keep(error.stack ?? error.message, atHand()));
    worker.on('exit', finish);
  });
}
