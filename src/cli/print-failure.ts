/** The one place where failures become text: problems of the caller without a stack, faults of ours with a way to report them. */
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import { version } from '../base/version.ts';
import { debugVariable } from '../config/misspelled-variables.ts';
import type { Io } from './io.ts';

export function printFailure(error: unknown, io: Io): void {
  io.stderr.write(error instanceof CannotRun ? problemsText(error.problems) : faultText(error, io));
}

/** One paragraph a problem: where and what, then what is expected. */
function problemsText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(
    ({ where, what, expected }) =>
      `  ${sanitise(where, 1024)}: ${sanitise(what, 1024)}\n      expected: ${sanitise(expected, 1024)}\n`,
  );
  return `sidelight: cannot run, ${count}\n${lines.join('')}`;
}

function faultText(error: unknown, { env }: Io): string {
  const name = error instanceof Error ? error.name : typeof error;
  const message = sanitise(error instanceof Error ? error.message : String(error));
  const next = env[debugVariable]
    ? `${stackText(error)}\n`
    : `  Please report it with the output of the same command under ${debugVariable}=1.\n`;
  return `sidelight ${version}: a fault of its own (${name}): ${message}\n${next}`;
}

/** Its first lines are the message once more, which may hold a peer's words. */
function stackText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .map((line) => sanitise(line, 1024))
    .join('\n');
}
