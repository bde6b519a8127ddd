/** `sidelight explain`: what an alert or a cause means. */
import { CannotRun } from '../base/cannot-run.ts';
import { quoted } from '../config/parsed.ts';
import { explain as explainTerm, suggest } from '../format/explain.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

export function explain({ args, problems }: CommandLine, io: Io): number {
  const [term] = args;
  if (problems.length > 0 || term === undefined) throw new CannotRun(problems);
  const text = explainTerm(term);
  if (text === undefined) throw new CannotRun([unknownTerm(term)]);
  io.stdout.write(`${text.trimEnd()}\n`);
  return exitCodes.good;
}

function unknownTerm(term: string) {
  const near = suggest(term);
  return {
    where: 'explain',
    what: `${quoted(term)} is neither an alert nor a cause`,
    expected:
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : 'the number (48) or name (unknown_ca) of an alert, or the code of a cause',
  };
}
