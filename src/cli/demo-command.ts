/** `sidelight demo`: an incident, replayed on this machine. */
import { CannotRun } from '../base/cannot-run.ts';
import { runDemo } from '../demo/demo.ts';
import type { CommandLine } from './command-line.ts';
import { type Io, wantsColour } from './io.ts';
import { endSignal, systemPorts } from './ports.ts';
import { programLog } from './program-log.ts';

export async function demo({ problems }: CommandLine, io: Io): Promise<number> {
  if (problems.length > 0) throw new CannotRun(problems);
  const { signal, release } = endSignal(io);
  const log = programLog(io.stderr, false);
  const write = (text: string): void => io.stdout.write(text);
  try {
    return await runDemo(systemPorts(io, log, signal), {
      write,
      colour: wantsColour(io.stdout, io.env),
    });
  } finally {
    release();
  }
}
