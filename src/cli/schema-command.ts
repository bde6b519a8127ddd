/** `sidelight schema`: the JSON Schema of the report. */
import { CannotRun } from '../base/cannot-run.ts';
import { reportSchema } from '../report/schema.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

export function schema({ problems }: CommandLine, io: Io): number {
  if (problems.length > 0) throw new CannotRun(problems);
  io.stdout.write(`${JSON.stringify(reportSchema, null, 2)}\n`);
  return exitCodes.good;
}
