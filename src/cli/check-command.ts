/** `sidelight check`: one look, one report, one exit code. */
import type { Ports } from '../agent/ports.ts';
import { uuidV7 } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Report } from '../report/report.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { appearanceOn, type Io, plain } from './io.ts';
import { agentInput } from './load-input.ts';
import { endSignal, systemPorts } from './ports.ts';
import { programLog } from './program-log.ts';
import { progressOn } from './progress.ts';

export async function check(line: CommandLine, io: Io): Promise<number> {
  if (line.options.replay !== undefined) {
    const { replayStored } = await import('./replay-command.ts');
    return replayStored(line, io);
  }
  const input = agentInput('check', line, io);
  if (line.options.showConfig !== undefined) {
    const { showConfig } = await import('./show-config.ts');
    return showConfig(input, io);
  }
  const config = loadConfig(input);
  const { signal, release } = endSignal(io);
  const { output, erase, show: _, ...listeners } = progressOn(io);
  const log = programLog(output, config.verbose === true);
  try {
    return await lookAndShow(config, { ...systemPorts(io, log, signal), ...listeners }, io, erase);
  } finally {
    release();
  }
}

/** Where the report goes. */
interface Place {
  show(report: Report): void;
  /** Called when there is no report after all. */
  abandon(): void;
}

/** `erase` takes away what is shown of the progress. */
async function lookAndShow(
  config: Config,
  ports: Ports,
  io: Io,
  erase: () => void,
): Promise<number> {
  const [target] = config.targets;
  if (!target) throw new TypeError('a configuration without a target was loaded');
  const { runCheck } = await import('../agent/check.ts');
  const place = await placeOf(config, ports, io);
  let shown: Report | undefined;
  const show = (report: Report): void => {
    // An interrupted look says nothing about the gateway.
    if (ports.signal.aborted) return;
    erase();
    place.show(report);
    shown = report;
  };
  try {
    await runCheck(config, target, ports, show);
  } finally {
    erase();
    if (!shown) place.abandon();
  }
  if (shown) return shown.outcome === 'accepted' ? exitCodes.good : exitCodes.notAccepted;
  io.stderr.write('sidelight: interrupted before there was a verdict\n');
  return exitCodes.couldNotRun;
}

async function placeOf(config: Config, { clock, random }: Ports, io: Io): Promise<Place> {
  const { rendererOf } = await import('./renderer.ts');
  const { outputFile } = config;
  if (outputFile === undefined) {
    const render = rendererOf(config, appearanceOn(io.stdout, io.env));
    return { show: (report) => io.stdout.write(render(report)), abandon: () => undefined };
  }
  const { openOutputFile } = await import('./output-file.ts');
  const render = rendererOf(config, plain);
  const file = openOutputFile(outputFile, uuidV7(clock.now(), random));
  return {
    show: (report) => file.commit(render(report)),
    abandon: () => file.discard(),
  };
}
