/** `sidelight home`: receives reports until SIGTERM. */
import { systemClock } from '../base/clock.ts';
import { type HomeServerConfig, loadHomeServer } from '../config/load-home-server.ts';
import { type HomeOptions, startHome } from '../home/start-home.ts';
import { aborted } from './aborted.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { homeInput } from './load-input.ts';
import { endSignal } from './ports.ts';
import { programLog } from './program-log.ts';

export async function home(line: CommandLine, io: Io): Promise<number> {
  const config = loadHomeServer(homeInput(line, io));
  const { signal, release } = endSignal(io);
  try {
    const server = await startHome(homeOptions(config, io));
    programLog(io.stderr, true).info('home listens', { url: server.url, data: config.dataDir });
    await aborted(signal);
    await server.close();
    return exitCodes.good;
  } finally {
    release();
  }
}

function homeOptions(config: HomeServerConfig, { readFile }: Io): HomeOptions {
  const { listen, dataDir, certPath, keyPath, tokenPath } = config;
  return {
    listen,
    dataDir,
    ...(certPath !== undefined && { cert: readFile(certPath) }),
    ...(keyPath !== undefined && { key: readFile(keyPath) }),
    ...(tokenPath !== undefined && { tokens: tokenPath }),
    clock: systemClock,
  };
}
