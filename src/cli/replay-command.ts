/** `sidelight check --replay FILE`: stored reports with today's conclusion, and an exit code as check has it. */
import { replayText } from '../agent/replay.ts';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom, uuidV7 } from '../base/random.ts';
import { loadReplay, type ReplayConfig } from '../config/load-replay.ts';
import { quoted } from '../config/parsed.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { appearanceOn, type Io, plain } from './io.ts';
import { agentInput } from './load-input.ts';
import { openOutputFile } from './output-file.ts';
import { rendererOf } from './renderer.ts';

export function replayStored(line: CommandLine, io: Io): number {
  const config = loadReplay(agentInput('check', line, io));
  const reports = replayText(readText(config, io), config.file);
  const isFile = config.outputFile !== undefined;
  const render = rendererOf(config, isFile ? plain : appearanceOn(io.stdout, io.env));
  // Reports for people stand apart; those for programs are one a line as they are.
  const text = reports.map(render).join(config.format === 'text' ? '\n' : '');
  if (config.outputFile === undefined) io.stdout.write(text);
  else openOutputFile(config.outputFile, uuidV7(systemClock.now(), systemRandom)).commit(text);
  const isAccepted = reports.every(({ outcome }) => outcome === 'accepted');
  return isAccepted ? exitCodes.good : exitCodes.notAccepted;
}

function readText({ file }: ReplayConfig, { readFile }: Io): string {
  try {
    return readFile(file);
  } catch (error) {
    const what = `${quoted(file)} cannot be read (${errorCode(error)})`;
    const expected = 'a file of at most 1 MiB with reports in JSON';
    throw new CannotRun([{ where: '--replay', what, expected }], { cause: error });
  }
}
