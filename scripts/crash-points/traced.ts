/** A process under strace, which kills it, or lets a call fail, at the Nth system call that changes a file. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';

/** What changes a file, or says that it is on disk. `write` is none of them: SQLite knows where it writes. */
const changing = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'unlink', 'rename'] as const;

/** `kill`: before it is done. `enospc`, `eio`: it fails with that, this once. */
export type Blow = 'kill' | 'enospc' | 'eio';

export interface Traced {
  readonly stdout: string;
  readonly stderr: string;
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
}

/** What runs a command so, written before it. */
export function traced(blow: Blow, at: number, log: string): readonly string[] {
  const effect = `inject=${changing.join(',')}:${effectOf(blow)}:when=${at}`;
  return ['strace', '-f', '-qq', '--seccomp-bpf', '-o', log, '-e', effect, '--'];
}

/** At the `at`th call, counted over all of them by each thread. */
export function runTraced(
  command: readonly string[],
  blow: Blow,
  at: number,
  log: string,
): Promise<Traced> {
  return run([...traced(blow, at, log), ...command]);
}

/** How many calls there are when nothing strikes. */
export async function countCalls(command: readonly string[], log: string): Promise<number> {
  const calls = ['-e', `trace=${changing.join(',')}`, '-o', log, '--'];
  const { code, stderr } = await run([
    'strace',
    '-f',
    '-qq',
    '--seccomp-bpf',
    ...calls,
    ...command,
  ]);
  if (code !== 0) throw new Error(`the undisturbed run ended with ${code}: ${stderr}`);
  const lines = readFileSync(log, 'utf8').split('\n');
  rmSync(log);
  return lines.filter((line) => changing.some((name) => line.includes(`${name}(`))).length;
}

function effectOf(blow: Blow): string {
  return blow === 'kill' ? 'signal=KILL' : `error=${blow.toUpperCase()}`;
}

async function run([program = '', ...args]: readonly string[]): Promise<Traced> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { stdout, stderr, code, signal };
}
