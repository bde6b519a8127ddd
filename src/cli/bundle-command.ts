/** `sidelight bundle`: looks, and packs the report with all that bears on it into one archive. */
import { maxArchiveBytes } from '../agent/bundle/archive.ts';
import type { Manifest } from '../agent/bundle/contents.ts';
import { type Bundle, makeBundle } from '../agent/bundle/make-bundle.ts';
import { openSent } from '../agent/bundle/open-bundle.ts';
import type { Ports } from '../agent/ports.ts';
import { statusOf } from '../agent/status/status-of.ts';
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import { isoTime } from '../base/clock.ts';
import { uuidV7 } from '../base/random.ts';
import { sanitise } from '../base/sanitise.ts';
import type { Config } from '../config/config.ts';
import { examineConfig } from '../config/load-config.ts';
import { agentStateDirectory } from '../config/state-directory.ts';
import { wrap } from '../format/paragraph.ts';
import type { Report } from '../report/report.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { agentInput } from './load-input.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';
import { endSignal, systemPorts } from './ports.ts';
import { programLog } from './program-log.ts';
import { progressOn } from './progress.ts';
import { readSent } from './read-sent.ts';

export async function bundle(line: CommandLine, io: Io): Promise<number> {
  if (line.problems.length > 0) throw new CannotRun(line.problems);
  const { signal, release } = endSignal(io);
  const { output, erase, show: _, ...listeners } = progressOn(io);
  const log = programLog(output, line.options.verbose !== undefined);
  const ports = { ...systemPorts(io, log, signal), ...listeners };
  try {
    const place = openPlace(line, ports, io);
    try {
      const packed = await pack(line, ports, io).finally(erase);
      if (signal.aborted) return interrupted(io);
      place.put(packed);
      return exitCodes.good;
    } finally {
      place.discard();
    }
  } finally {
    release();
  }
}

function interrupted(io: Io): number {
  io.stderr.write('sidelight: interrupted before the bundle was packed\n');
  return exitCodes.couldNotRun;
}

/** Where the archive goes, and where its contents are listed. */
interface Place {
  put(bundle: Bundle): void;
  discard(): void;
}

function openPlace({ options }: CommandLine, { clock, random }: Ports, io: Io): Place {
  const usual = `sidelight-bundle-${isoTime(clock.now()).replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`;
  const path = String(options.bundleOutput ?? usual);
  if (path === '-') return standardOutput(io);
  const file = openFile(path, uuidV7(clock.now(), random));
  return {
    put: (packed) => {
      file.commit(packed.octets);
      io.stdout.write(listing(path, packed));
    },
    discard: () => file.discard(),
  };
}

/** A container may have no place to write to, and needs none. */
function openFile(path: string, suffix: string): OutputFile {
  try {
    return openOutputFile(path, suffix);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    const problems = error.problems.map(({ expected, ...problem }) => ({
      ...problem,
      expected: `${expected}; or --output - for standard output`,
    }));
    throw new CannotRun(problems, { cause: error });
  }
}

function standardOutput({ stdout, stderr }: Io): Place {
  if (stdout.isTerminal) {
    const what = '- is a terminal, and the bundle is no text';
    throw new CannotRun([{ where: '--output', what, expected: '--output FILE, or a pipe' }]);
  }
  return {
    put: (packed) => {
      stdout.write(packed.octets);
      stderr.write(listing('standard output', packed));
    },
    discard: () => undefined,
  };
}

async function pack(line: CommandLine, ports: Ports, io: Io): Promise<Bundle> {
  // On a bad day the configuration itself may be what is wrong: then that is what is packed.
  const examined = examineConfig(agentInput('bundle', line, io));
  const { config, problems } = examined;
  const given = line.options.bundleReport;
  const reports =
    given === undefined
      ? await lookAtAll(config, ports)
      : openSent(await readSent(String(given), maxArchiveBytes, '--report'), '--report').reports;
  if (given === undefined) tellProblems(problems, ports);
  const stateDir = config?.stateDir ?? agentStateDirectory(io)?.path;
  return makeBundle({
    reports,
    ...examined,
    ...(stateDir !== undefined && { stateDir }),
    status: await statusOf(stateDir, ports.clock),
    env: io.env,
    hostname: io.hostname,
    clock: ports.clock,
  });
}

function tellProblems(problems: readonly Problem[], { log }: Ports): void {
  for (const { where, what } of problems) log.warn('no look was made', { where, what });
}

/** One after the other: progress is told of one, and a gateway is not met by all at once. */
async function lookAtAll(config: Config | undefined, ports: Ports): Promise<readonly Report[]> {
  if (!config) return [];
  // A bundle is for a person: home gets no report of it.
  const quiet = { ...config, homes: [] };
  const { runCheck } = await import('../agent/check.ts');
  const reports: Report[] = [];
  for (const target of config.targets) {
    if (ports.signal.aborted) break;
    await runCheck(quiet, target, ports, (report) => void reports.push(report));
  }
  return reports;
}

function listing(path: string, { octets, manifest }: Bundle): string {
  const where = `${sanitise(path, 1024)}, ${octets.length} octets`;
  return `Packed for support: ${where}\n${contentLines(manifest)}
Not in it: keys, passphrases, tokens, passwords, URL queries, other variables of
the environment. Open it with: sidelight show FILE\n`;
}

function contentLines({ contents }: Manifest): string {
  return contents
    .flatMap(({ name, what, sizeBytes }) =>
      wrap(what, `  ${name.padEnd(20)}${String(sizeBytes).padStart(8)}  `, ' '.repeat(32)),
    )
    .map((line) => `${line}\n`)
    .join('');
}
