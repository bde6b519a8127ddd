/** From argv to an exit code: the one place where commands are dispatched and failures are printed. */
import { CannotRun } from '../base/cannot-run.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { handlers } from './handlers.ts';
import type { Io } from './io.ts';

export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(parseCommandLine(argv), argv, io);
  } catch (error) {
    const { printFailure } = await import('./print-failure.ts');
    printFailure(error, io);
    return exitCodes.couldNotRun;
  }
}

async function dispatch(line: CommandLine, argv: readonly string[], io: Io): Promise<number> {
  if (line.wants === 'help') {
    const { help } = await import('./help.ts');
    const text = await help(line.command, io);
    // Without a word there is nothing to do, which is no success.
    (argv.length === 0 ? io.stderr : io.stdout).write(text);
    return argv.length === 0 ? exitCodes.couldNotRun : exitCodes.good;
  }
  const command = line.wants === 'version' ? 'version' : line.command;
  if (command === undefined) throw new CannotRun(line.problems);
  const handle = await handlers[command]();
  return handle(line, io);
}
