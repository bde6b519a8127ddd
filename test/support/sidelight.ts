/** The program as users run it: a process of its own, with its exit code and what it printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** File and arguments of the program as source. */
export const fromSource: readonly string[] = [process.execPath, join(root, 'bin/sidelight.ts')];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>;
}

/** Nothing of this machine's environment but what a program needs to start. */
const bareEnvironment = { PATH: process.env['PATH'] ?? '' };

export function startSidelight(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  [file = '', ...before]: readonly string[] = fromSource,
): Running {
  const child: ChildProcess = spawn(file, [...before, ...args], {
    env: { ...bareEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return {
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    signal: (name) => void child.kill(name),
    ended: once(child, 'close').then(([code]) => code),
  };
}

export async function sidelight(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = fromSource,
): Promise<Ended> {
  const running = startSidelight(args, env, program);
  const code = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}
