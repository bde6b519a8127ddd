/** A process whose highest resident set is seen while it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface MeasuredEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly tookMs: number;
  /** From `stop` to the end; absent when it ended by itself. */
  readonly goodbyeMs?: number;
  /** As of its last quarter of a tenth of a second: the kernel forgets it with the process. */
  readonly peakBytes: number;
}

export interface Measured {
  /** How many files and sockets it has open now. */
  readonly descriptors: () => number;
  /** Resolves when it has written something, or is over. */
  readonly spoken: Promise<unknown>;
  /** SIGTERM. */
  readonly stop: () => void;
  readonly ended: Promise<MeasuredEnd>;
}

const everyMs = 25;

export function startMeasured(
  [program = '', ...words]: readonly string[],
  env: Readonly<Record<string, string>>,
): Measured {
  const started = performance.now();
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const proc = `/proc/${child.pid}`;
  let stdout = '';
  let peakBytes = 0;
  let stoppedAtMs: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const watching = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(proc));
  }, everyMs);
  const spoken = Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return {
    spoken,
    descriptors: () => readdirSync(`${proc}/fd`).length,
    stop: () => {
      stoppedAtMs = performance.now();
      child.kill('SIGTERM');
    },
    ended: once(child, 'close').then(([code]) => {
      clearInterval(watching);
      const endedAtMs = performance.now();
      return {
        ...{ code, stdout, peakBytes, tookMs: endedAtMs - started },
        ...(stoppedAtMs !== undefined && { goodbyeMs: endedAtMs - stoppedAtMs }),
      };
    }),
  };
}

/** VmHWM of proc(5); 0 once the process is over. */
function peakOf(proc: string): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`${proc}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
