/** `sidelight home probe-now`: a running home asks agents for a look at once. */
import { loadHomeProbeNow } from '../config/load-home-server.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { homeInput } from './load-input.ts';

/** Exit 1: nobody who is meant holds a WebSocket now. */
export async function homeProbeNow(line: CommandLine, io: Io): Promise<number> {
  const { dataDir, whom } = loadHomeProbeNow(homeInput(line, io));
  const { askForLook } = await import('../home/control/ask-control.ts');
  const asked = await askForLook(dataDir, whom);
  const agents = asked === 1 ? '1 agent was' : `${asked} agents were`;
  io.stdout.write(`${agents} asked for a look\n`);
  return asked > 0 ? exitCodes.good : exitCodes.nobody;
}
