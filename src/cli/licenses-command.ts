/** `sidelight licenses`: the licences of everything that the executable carries. */
import { CannotRun } from '../base/cannot-run.ts';
import { carriedText } from './carried-text.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

const fromSource =
  'Run from source, Sidelight carries nothing: each licence stands beside its package in node_modules.\n';

export function licenses({ problems }: CommandLine, io: Io): number {
  if (problems.length > 0) throw new CannotRun(problems);
  io.stdout.write(carriedText('licenses') ?? fromSource);
  return exitCodes.good;
}
