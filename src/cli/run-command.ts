/** `sidelight run`: stays until SIGTERM; SIGHUP opens files and configuration again, SIGUSR2 looks at once. */
import { stepBack, watchMemory } from '../agent/neighbour.ts';
import type { RunSignals } from '../agent/run.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { checkAppendable } from './check-appendable.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { agentInput } from './load-input.ts';
import { ownProcess } from './own-process.ts';
import { endSignal, keepSignal, systemPorts } from './ports.ts';

export async function run(line: CommandLine, io: Io): Promise<number> {
  const [reload, probeNow] = [keepSignal(io, 'SIGHUP'), keepSignal(io, 'SIGUSR2')];
  try {
    return await runUntilEnded(line, io, { onReload: reload.listen, onProbeNow: probeNow.listen });
  } finally {
    reload.release();
    probeNow.release();
  }
}

async function runUntilEnded(
  line: CommandLine,
  io: Io,
  signals: Omit<RunSignals, 'load'>,
): Promise<number> {
  const input = agentInput('run', line, io);
  if (line.options.showConfig !== undefined) {
    const { showConfig } = await import('./show-config.ts');
    return showConfig(input, io);
  }
  const load = (): Config => loadConfig(input);
  const config = load();
  if (config.logFile !== undefined) checkAppendable(config.logFile, '--log-file');
  const { signal, release } = endSignal(io);
  const outgrown = new AbortController();
  const { openProgramLog } = await import('../sink/log/program-log.ts');
  const log = await openProgramLog(config.verbose === true ? 'debug' : 'info');
  let canEnd = true;
  try {
    const ports = systemPorts(io, log, AbortSignal.any([signal, outgrown.signal]));
    const own = ownProcess();
    stepBack(own, log);
    const unwatch = watchMemory(own, ports.clock, log, () => outgrown.abort());
    const { runAgent } = await import('../agent/run.ts');
    canEnd = await runAgent(config, ports, { ...signals, load }).finally(unwatch);
    return outgrown.signal.aborted ? exitCodes.outgrown : exitCodes.good;
  } finally {
    release();
    await log.flush();
    // A thread that waits for a reader would be waited for: only a signal ends the process without it.
    if (!canEnd) process.kill(process.pid, 'SIGTERM');
  }
}
