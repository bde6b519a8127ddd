/** `sidelight home list`: the stored reports, one a line, oldest first. */
import { loadHomeList } from '../config/load-home-server.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { homeInput } from './load-input.ts';

export async function homeList(line: CommandLine, io: Io): Promise<number> {
  const { dataDir } = loadHomeList(homeInput(line, io));
  const { listReports } = await import('../home/list-reports.ts');
  for (const { report } of listReports(dataDir)) io.stdout.write(`${report}\n`);
  return exitCodes.good;
}
