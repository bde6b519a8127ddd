/** `sidelight preflight …`: judge before the rollout, or compare what was before with what is after it. */
import type { PreflightPorts } from '../agent/preflight/client.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom, uuidV7 } from '../base/random.ts';
import {
  loadPreflightClient,
  loadPreflightCompare,
  loadPreflightGateway,
  type Telling,
} from '../config/load-preflight.ts';
import { isPreflightFormatName, preflightFormats } from '../format/preflight/formats.ts';
import type { CheckResult } from '../preflight/check.ts';
import { failOnLevels, toPreflight } from '../preflight/preflight.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { type Io, wantsColour } from './io.ts';
import { homeInput } from './load-input.ts';
import { openOutputFile } from './output-file.ts';
import { endSignal } from './ports.ts';

export async function preflightClient(line: CommandLine, io: Io): Promise<number> {
  const config = loadPreflightClient(inputOf(line, io));
  const { runPreflightClient } = await import('../agent/preflight/client.ts');
  return tell(config, 'client credential', io, (ports) => runPreflightClient(config, ports));
}

export async function preflightGateway(line: CommandLine, io: Io): Promise<number> {
  const config = loadPreflightGateway(inputOf(line, io));
  const { runPreflightGateway } = await import('../agent/preflight/gateway.ts');
  return tell(config, 'gateway secret', io, (ports) => runPreflightGateway(config, ports));
}

export async function preflightCompare(line: CommandLine, io: Io): Promise<number> {
  const config = loadPreflightCompare(inputOf(line, io));
  const { runPreflightCompare } = await import('../agent/preflight/compare.ts');
  return tell(config, 'rotation', io, async () => runPreflightCompare(config, io.readFile));
}

function inputOf(line: CommandLine, io: Io) {
  return { ...homeInput(line, io), exists: io.exists };
}

/** The file is opened before anything is judged, so that a wrong path is told at once. */
async function tell(
  { failOn, format, outputFile }: Telling,
  what: string,
  io: Io,
  judge: (ports: PreflightPorts) => Promise<readonly CheckResult[]>,
): Promise<number> {
  if (!isPreflightFormatName(format)) throw new TypeError('an unknown format was loaded');
  const level = failOnLevels.find((each) => each === failOn) ?? 'failed';
  const clock = systemClock;
  const file =
    outputFile === undefined
      ? undefined
      : openOutputFile(outputFile, uuidV7(clock.now(), systemRandom));
  const { signal, release } = endSignal(io);
  try {
    const { uid } = io;
    const checks = await judge({ clock, signal, ...(uid !== undefined && { uid }) });
    if (signal.aborted) {
      io.stderr.write('sidelight: interrupted before there was a verdict\n');
      return exitCodes.couldNotRun;
    }
    const preflight = toPreflight(checks, level);
    const colour = file === undefined && wantsColour(io.stdout, io.env);
    const text = preflightFormats[format](preflight, { what, colour });
    if (file) file.commit(text);
    else io.stdout.write(text);
    return preflight.verdict === 'good' ? exitCodes.good : exitCodes.broken;
  } finally {
    release();
    file?.discard();
  }
}
