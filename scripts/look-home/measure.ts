/** How long home works on one view, and how large it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../../src/home/start-home.ts';
import { viewsOf } from './walk.ts';

/** Processor time of this process, so that a busy machine takes no longer; asking is in it, too. */
const mostMs = 50;
const tries = 3;
const measured = ['fleet', 'fleet-by-account', 'delegates-filtered', 'incident', 'report'];

export async function measureRendering(home: Home): Promise<readonly string[]> {
  const faults: string[] = [];
  await warmUp(home);
  for (const [view, path] of Object.entries(viewsOf(home))) {
    if (!measured.includes(view)) continue;
    const times: number[] = [];
    let octets = 0;
    for (let count = 0; count < tries; count += 1) {
      // What is worked out once a second is worked out each time.
      await sleep(950);
      const beganMs = process.cpuUsage().user;
      octets = (await (await fetch(new URL(path, home.url))).arrayBuffer()).byteLength;
      times.push((process.cpuUsage().user - beganMs) / 1_000);
    }
    const median = times.toSorted((one, other) => one - other)[Math.floor(tries / 2)] ?? 0;
    const [said, size] = [median.toFixed(1), Math.round(octets / 1024)];
    process.stdout.write(`${view}: ${said} ms of processor time, ${size} KiB\n`);
    if (median > mostMs) faults.push(`${view} takes ${said} ms`);
  }
  return faults;
}

/** What runs once is compiled while it runs. */
async function warmUp({ url }: Home): Promise<void> {
  for (let count = 0; count < 5; count += 1) {
    await sleep(950);
    await (await fetch(new URL('/ui/', url))).arrayBuffer();
  }
}
