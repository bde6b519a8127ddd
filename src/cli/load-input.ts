/** From a parsed command line and the process to what the configuration is loaded from. */
import type { LoadInput } from '../config/load-config.ts';
import type { LoadHomeInput } from '../config/load-home-server.ts';
import type { CommandLine } from './command-line.ts';
import type { Io } from './io.ts';

export function agentInput(command: LoadInput['command'], line: CommandLine, io: Io): LoadInput {
  return { ...homeInput(line, io), command, urls: line.args, exists: io.exists };
}

export function homeInput(line: CommandLine, { env, uid, readFile, canKeepIn }: Io): LoadHomeInput {
  const { options, problems } = line;
  return { options, env, readFile, canKeepIn, problems, ...(uid !== undefined && { uid }) };
}
