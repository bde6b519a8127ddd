/** The agent and home as processes that are started, killed and started again, and the lines that they wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Life {
  readonly ended: Promise<unknown>;
  readonly isOver: () => boolean;
  readonly said: () => string;
  signal(name: NodeJS.Signals): void;
}

const root = resolve(import.meta.dirname, '../..');

/** The program from its sources, or an executable that was built. */
export function programAt(executable: string | undefined): readonly string[] {
  return executable === undefined
    ? [process.execPath, `${root}/bin/sidelight.ts`]
    : [resolve(executable)];
}

/** `maxFiles`: how many files it may have open. */
export function begin(
  program: readonly string[],
  args: readonly string[],
  maxFiles?: number,
): Life {
  const limited = maxFiles === undefined ? [] : ['prlimit', `--nofile=${maxFiles}`];
  const [command = '', ...rest] = [...limited, ...program, ...args];
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const child: ChildProcess = spawn(command, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let isOver = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-100_000);
  });
  const ended = once(child, 'close').then(() => {
    isOver = true;
  });
  return {
    ended,
    isOver: () => isOver,
    said: () => said,
    signal: (name) => void child.kill(name),
  };
}

export async function kill(life: Life | undefined): Promise<void> {
  life?.signal('SIGKILL');
  await life?.ended;
}

/** Whether it said so before it ended or the time was over. */
export async function waitFor(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > until) return false;
    await pause(20);
  }
  return true;
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export interface Logged {
  readonly id: string;
  readonly sequence?: number;
  readonly agent: { readonly id?: string };
}

/** Whole lines: the last one of a life that was killed may be torn. */
export function readLog(path: string): readonly Logged[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Logged);
}
