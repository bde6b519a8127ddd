/** `sidelight watch-rotation`: looks for as long as asked, tells what turns, and ends with a verdict. */
import { systemClock } from '../base/clock.ts';
import { systemRandom, uuidV7 } from '../base/random.ts';
import { loadWatch } from '../config/load-watch.ts';
import { isPreflightFormatName, preflightFormats } from '../format/preflight/formats.ts';
import type { CheckResult } from '../preflight/check.ts';
import { failOnLevels, toPreflight } from '../preflight/preflight.ts';
import type { Looked } from '../preflight/rotation.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { type Io, wantsColour } from './io.ts';
import { agentInput } from './load-input.ts';
import { openOutputFile } from './output-file.ts';
import { endSignal } from './ports.ts';
import { type Progress, progressOn } from './progress.ts';

export async function watchRotation(line: CommandLine, io: Io): Promise<number> {
  const { config, addresses, forMs, failOn, format, outputFile } = loadWatch(
    agentInput('watch-rotation', line, io),
  );
  if (!isPreflightFormatName(format)) throw new TypeError('an unknown format was loaded');
  const level = failOnLevels.find((each) => each === failOn) ?? 'failed';
  const clock = systemClock;
  const file =
    outputFile === undefined
      ? undefined
      : openOutputFile(outputFile, uuidV7(clock.now(), systemRandom));
  const { signal, release } = endSignal(io);
  const progress = progressOn(io);
  try {
    const agent = await import('../agent/preflight/watch-rotation.ts');
    const { targets, timeoutMs, intervalMs } = config;
    const checks: readonly CheckResult[] = await agent.watchRotation(
      { targets, timeoutMs, intervalMs, forMs, ...(addresses && { addresses }) },
      { clock, signal, onLook: teller(progress) },
    );
    progress.erase();
    if (checks.length === 0) {
      io.stderr.write('sidelight: interrupted before there was a verdict\n');
      return exitCodes.couldNotRun;
    }
    const preflight = toPreflight(checks, level);
    const colour = file === undefined && wantsColour(io.stdout, io.env);
    const text = preflightFormats[format](preflight, { what: 'rotation', colour });
    if (file) file.commit(text);
    else io.stdout.write(text);
    return preflight.verdict === 'good' ? exitCodes.good : exitCodes.broken;
  } finally {
    progress.erase();
    release();
    file?.discard();
  }
}

/** A line for the first look at each gateway and for every turn; between them, on a terminal, how things stand. */
function teller({
  output,
  show,
}: Progress): (gateway: string, looked: Looked, before: Looked | undefined) => void {
  const outcomes = new Map<string, string>();
  let looks = 0;
  return (gateway, looked, before) => {
    looks += 1;
    const { evidence, diagnosis } = looked;
    outcomes.set(gateway, diagnosis.outcome);
    const said = stateOf(looked);
    if (!before || stateOf(before) !== said) output.write(`${evidence.time} ${gateway}: ${said}\n`);
    show(`${evidence.time}: ${looks} looks, ${standing(outcomes)}`);
  };
}

/** `accepted at 3, rejected at 1`. */
function standing(outcomes: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${outcome} at ${count}`).join(', ');
}

function stateOf({ diagnosis: { outcome, cause } }: Looked): string {
  return cause ? `${outcome}, ${cause.code}` : outcome;
}
