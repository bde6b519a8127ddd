/** `sidelight man`: prints the manual page. */
import { CannotRun } from '../base/cannot-run.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { manual } from './manual.ts';

export function man({ problems }: CommandLine, io: Io): number {
  if (problems.length > 0) throw new CannotRun(problems);
  io.stdout.write(manual());
  return exitCodes.good;
}
