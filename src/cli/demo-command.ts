/** `sidelight demo`: an incident, replayed on this machine. */
import { CannotRun } from '../base/cannot-run.ts';
import { runDemo } from '../demo/demo.ts';
import type { CommandLine } from './command-line.ts';
import type { Io } from './io.ts';
import { endSignal, systemPorts } from './ports.ts';
import { programLog } from './program-log.ts';

export async function demo({ problems }: CommandLine, io: Io): Promise<number> {
  if (problems.length > 0) throw new CannotRun(problems);
  const { signal, release } = endSignal(io);
  try {
    return await runDemo(systemPorts(io, programLog(io.stderr, false), signal));
  } finally {
    release();
  }
}
