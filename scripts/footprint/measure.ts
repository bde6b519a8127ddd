/** Time and peak memory of whole processes, by the system's own accounts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Nothing of this machine's settings: they would weigh on both sides and are nobody else's. */
const environment = { PATH: process.env['PATH'] ?? '' };

/** Milliseconds from start to the first octet on standard output. Throws unless it exits with 0. */
export function verdictMs(command: Command): Promise<number> {
  return timed(command, async ({ stdout }) => {
    if (stdout) await once(stdout, 'data');
  });
}

/** Milliseconds from start to exit. Throws unless it exits with 0. */
export function wallMs(command: Command): Promise<number> {
  return timed(command, async (child) => {
    child.stdout?.resume();
    await once(child, 'exit');
  });
}

async function timed(
  { file, args }: Command,
  until: (child: ChildProcess) => Promise<void>,
): Promise<number> {
  const start = process.hrtime.bigint();
  const child = spawn(file, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  await until(child);
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  child.stdout.resume();
  const [status] = await closed;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}`);
  return elapsed;
}

/** Bytes at the most, from start to exit. Looks without pause, and the mark only rises. */
export async function peakBytes({ file, args }: Command): Promise<number> {
  const child = spawn(file, args, { env: environment, stdio: 'ignore' });
  const exited = once(child, 'exit');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} does not start`);
  let peak = 0;
  // Nothing else runs here meanwhile, so the child's entry stays until it has been read to the end.
  for (let now: number | undefined = 0; now !== undefined; now = highWaterBytes(pid)) {
    peak = Math.max(peak, now);
  }
  const [status] = await exited;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}`);
  return peak;
}

/** VmHWM (proc_pid_status(5)); undefined when the process has ended. */
export function highWaterBytes(pid: number): number | undefined {
  try {
    const [, kibibytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

export interface Comparison {
  readonly ours: number;
  readonly bare: number;
  /** The median of the pairs' ratios. */
  readonly ratio: number;
}

/** A B A B …, so that a machine that slows down slows both. The first pair warms up and does not count. */
export async function compare(
  ours: Command,
  bare: Command,
  pairs: number,
  measure: (command: Command) => Promise<number>,
): Promise<Comparison> {
  const measured: (readonly [number, number])[] = [];
  for (let pair = 0; pair <= pairs; pair += 1) {
    measured.push([await measure(ours), await measure(bare)]);
  }
  const counted = measured.slice(1);
  return {
    ours: median(counted.map(([a]) => a)),
    bare: median(counted.map(([, b]) => b)),
    ratio: median(counted.map(([a, b]) => a / b)),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
