/** `sidelight home list`: the stored reports, one a line, oldest first, and with --follow those that arrive. */
import { systemClock } from '../base/clock.ts';
import { type HomeListConfig, loadHomeList, type Moment } from '../config/load-home-server.ts';
import type { ReportFilter, StoredReport } from '../home/list-reports.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { homeInput } from './load-input.ts';
import { endSignal } from './ports.ts';

export async function homeList(line: CommandLine, io: Io): Promise<number> {
  const config = loadHomeList(homeInput(line, io));
  const { followReports, listReports } = await import('../home/list-reports.ts');
  const filter = filterOf(config, systemClock.now());
  const { signal: ended, release } = endSignal(io);
  const closed = new AbortController();
  io.stdout.onClosed?.(() => closed.abort());
  const signal = AbortSignal.any([ended, closed.signal]);
  try {
    const reports = config.follow
      ? followReports(config.dataDir, filter, { clock: systemClock, signal })
      : listReports(config.dataDir, filter);
    await print(reports, io, signal);
    return exitCodes.good;
  } finally {
    release();
  }
}

/** Signals, and a reader that went away, are told between two turns of the event loop. */
const reportsInTurn = 100;

async function print(
  reports: Iterable<StoredReport> | AsyncIterable<StoredReport>,
  { stdout }: Io,
  signal: AbortSignal,
): Promise<void> {
  let count = 0;
  for await (const { report } of reports) {
    if (signal.aborted) return;
    stdout.write(`${report}\n`);
    count += 1;
    if (count % reportsInTurn === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function filterOf(config: HomeListConfig, nowMs: number): ReportFilter {
  const { since, until, dataDir: _, follow: __, ...rest } = config;
  return {
    ...rest,
    ...(since && { sinceMs: epochMs(since, nowMs) }),
    ...(until && { untilMs: epochMs(until, nowMs) }),
  };
}

function epochMs(moment: Moment, nowMs: number): number {
  return 'atMs' in moment ? moment.atMs : nowMs - moment.agoMs;
}
