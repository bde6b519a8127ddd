/** Memory of `run`: at more and more targets, and from look to look. */
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../footprint/measure.ts';
import { type Figure, inMb, short } from './figure.ts';
import { residentBytes } from './process-figures.ts';
import { credentialArguments, type Gateway, type Stage, script, targetsOf } from './stage.ts';

/** What is left when garbage is collected, heap and buffers; and what the system counts. */
interface Sample {
  readonly live: number;
  readonly rss: number;
}

export async function measureTargets(stage: Stage): Promise<readonly Figure[]> {
  const counts = stage.quick ? [10, 100] : [1, 10, 100, 1_000];
  const samples: Sample[] = [];
  for (const count of counts) samples.push(await settled(stage, count));
  return samples.slice(1).flatMap((sample, at) => {
    const [before, count] = [counts[at] ?? 0, counts[at + 1] ?? 0];
    const smaller = samples[at] ?? sample;
    const figure = (key: keyof Sample, name: string): Figure => {
      const value = (sample[key] - smaller[key]) / 1e3 / (count - before);
      return {
        what: `run, ${name} at ${count} targets`,
        ours: inMb(sample[key]),
        reference: `at ${before}: ${inMb(smaller[key])}; ${short(value)} KB for each target more`,
        ratio: single(sample[key] / smaller[key]),
        // A few targets are lost in what else a program does in its first seconds.
        ...(count >= 100 && { goal: { atMost: 60, value, unit: 'KB a target' } }),
      };
    };
    return [figure('live', 'live memory'), figure('rss', 'resident memory')];
  });
}

/** At the default interval, when every target was looked at and no look is under way. */
async function settled(stage: Stage, count: number): Promise<Sample> {
  const gateway = await stage.startGateway();
  const watched = startWatched(stage, gateway, count, '60s');
  while ((await gateway.answered()) < count) await sleep(500);
  await sleep(5_000);
  const sample = await watched.sample();
  await watched.stop();
  return sample;
}

/** From the first tenth of the looks to the last, in ten steps. */
export async function measureLooks(stage: Stage): Promise<readonly Figure[]> {
  const looks = stage.quick ? 2_000 : 100_000;
  const gateway = await stage.startGateway();
  const watched = startWatched(stage, gateway, 20, '100ms');
  const steps: (readonly Sample[])[] = [];
  for (let step = 1; step <= 10; step += 1) {
    while ((await gateway.answered()) < (looks * step) / 10) await sleep(200);
    steps.push([await watched.sample(), await watched.sample(), await watched.sample()]);
  }
  await watched.stop();
  const [early = [], late = []] = [steps[0], steps.at(-1)];
  const figure = (key: keyof Sample, name: string): Figure => {
    const at = (samples: readonly Sample[]) => median(samples.map((sample) => sample[key]));
    const [before, after] = [at(early), at(late)];
    const all = steps.map((step) => short(at(step) / 1e6)).join(' ');
    return {
      what: `run, ${name} at the ${looks}th look`,
      ours: inMb(after),
      reference: `at the ${looks / 10}th: ${inMb(before)} (each tenth: ${all})`,
      ratio: single(after / before),
      // Fewer looks than that are over before V8 has optimised what they run.
      ...(!stage.quick && { goal: { atMost: 1, value: (after - before) / 1e6, unit: 'MB more' } }),
    };
  };
  return [figure('live', 'live memory'), figure('rss', 'resident memory')];
}

/** The source and not the executable: only so can garbage be collected when we want. */
function startWatched(stage: Stage, gateway: Gateway, count: number, interval: string) {
  const program = join(import.meta.dirname, '../../bin/sidelight.ts');
  // As the executable has them within.
  const flags = ['--min-semi-space-size=4', '--max-semi-space-size=4'];
  const state = ['--state-dir', join(stage.directory, `memory-${gateway.port}`)];
  const args = [
    ...['--expose-gc', ...flags, '--import', script('heap-sampler'), program, 'run'],
    ...[...targetsOf(gateway, count), ...credentialArguments(stage), ...state],
    ...['--interval', interval, '--timeout', '60s', '--format', 'json'],
  ];
  const child = stage.start({ file: process.execPath, args }, [
    'ignore',
    'ignore',
    'ignore',
    'ipc',
  ]);
  const { pid = 0 } = child;
  return {
    sample: async (): Promise<Sample> => {
      child.send('collect');
      const [live] = await once(child, 'message');
      return { live: Number(live), rss: residentBytes(pid) };
    },
    stop: () => stage.stop(child),
  };
}

const single = (value: number) => ({ median: value, low: value, high: value, runs: 1 });
