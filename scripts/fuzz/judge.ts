/** Runs one input and says what was wrong with that, if anything. */
import type { FuzzTarget } from './target.ts';

export interface Judged {
  /** The error's text, or that it took too long. */
  readonly failure?: string;
  readonly tookMs: number;
}

const defaultMaxMs = 250;

/** So that a pause of the whole process is no slow input; collecting garbage is in it. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Time on the wall first: what that does not find slow has not used more of the CPU. */
export async function judge(target: FuzzTarget, input: Uint8Array): Promise<Judged> {
  const { maxMs = defaultMaxMs } = target;
  const once = await time(target, input, () => performance.now());
  if (once.failure !== undefined || once.tookMs <= maxMs) return once;
  const again = await time(target, input, cpuMs);
  if (again.failure !== undefined || again.tookMs <= maxMs) return again;
  return { tookMs: again.tookMs, failure: `took ${again.tookMs.toFixed(0)} ms of CPU` };
}

async function time({ run }: FuzzTarget, input: Uint8Array, nowMs: () => number): Promise<Judged> {
  const before = nowMs();
  let failure: string | undefined;
  try {
    const running = run(input);
    if (running instanceof Promise) await running;
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return { tookMs: nowMs() - before, ...(failure !== undefined && { failure }) };
}

/** The first line and where it came from: what makes two failures the same one. */
export function signature(failure: string): string {
  const [message = '', first = ''] = failure.split('\n');
  return `${message.replace(/\d+/g, '#')} ${first.replace(/:\d+\)?$/, '')}`;
}
