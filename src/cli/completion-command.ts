/** `sidelight completion SHELL`: prints what the shell reads to complete our command lines. */
import { CannotRun } from '../base/cannot-run.ts';
import { quoted } from '../config/parsed.ts';
import { suggest } from '../config/suggest.ts';
import type { CommandLine } from './command-line.ts';
import { bashCompletion } from './completion/bash.ts';
import { type Shell, shells } from './completion/candidates.ts';
import { fishCompletion } from './completion/fish.ts';
import { type CompletedCommand, completedCommands } from './completion/grammar.ts';
import { zshCompletion } from './completion/zsh.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

const writers: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function completion({ args, problems }: CommandLine, io: Io): number {
  if (problems.length > 0) throw new CannotRun(problems);
  // A path is what $SHELL holds.
  const asked = args[0]?.replace(/^.*\//, '') ?? '';
  const shell = shells.find((name) => name === asked);
  if (!shell) {
    const near = suggest(asked, shells);
    const expected = `one of ${shells.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`;
    throw new CannotRun([
      { where: 'completion', what: `${quoted(asked)} is no shell that it knows`, expected },
    ]);
  }
  io.stdout.write(writers[shell](completedCommands()));
  return exitCodes.good;
}
