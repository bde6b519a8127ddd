/** `sidelight check`: one look, one report, one exit code. */
import { uuidV7 } from '../base/random.ts';
import { loadConfig } from '../config/load-config.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { wantsColour } from './io.ts';
import { agentInput } from './load-input.ts';
import { systemPorts } from './ports.ts';

export async function check(line: CommandLine, io: Io): Promise<number> {
  const config = loadConfig(agentInput('check', line, io));
  if (line.options.showConfig !== undefined) {
    const { configText } = await import('./show-config.ts');
    io.stdout.write(configText(config));
    return exitCodes.good;
  }
  const ports = systemPorts(io, config.verbose === true);
  const { runCheck } = await import('../agent/check.ts');
  const { formats } = await import('../format/formats.ts');
  if (config.outputFile === undefined) {
    const report = await runCheck(config, ports);
    io.stdout.write(render(report));
    return exitCodeOf(report);
  }
  const { openOutputFile } = await import('./output-file.ts');
  const file = openOutputFile(config.outputFile, uuidV7(ports.clock.now(), ports.random));
}
