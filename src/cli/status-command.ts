/** `sidelight status`: how the agent stands that runs on this machine. */
import { statusOf } from '../agent/status/status-of.ts';
import { systemClock } from '../base/clock.ts';
import { loadStatus } from '../config/load-status.ts';
import { isStatusFormatName, statusFormats } from '../format/status/formats.ts';
import type { StatusVerdict } from '../report/status.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { type Io, wantsColour } from './io.ts';
import { homeInput } from './load-input.ts';

export async function status(line: CommandLine, io: Io): Promise<number> {
  const { stateDir, format } = loadStatus(homeInput(line, io));
  if (!isStatusFormatName(format)) throw new TypeError('a configuration with an unknown format');
  const found = await statusOf(stateDir, systemClock);
  io.stdout.write(statusFormats[format](found, { colour: wantsColour(io.stdout, io.env) }));
  return codes[found.verdict];
}

const codes: Readonly<Record<StatusVerdict, number>> = {
  good: exitCodes.good,
  troubled: exitCodes.troubled,
  unknown: exitCodes.couldNotRun,
};
