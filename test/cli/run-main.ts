/** Calls `main` with a process made of literals and keeps what it says. */
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runMain(argv: readonly string[], given: Partial<Io> = {}): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTerminal: false,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: {},
    hostname: 'test',
    readFile: (path) => {
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
    exists: () => false,
    canKeepIn: () => false,
    onSignal: () => () => undefined,
    ...given,
  };
  const code = await main(argv, io);
  return { code, ...said };
}
