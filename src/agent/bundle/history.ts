/** What is remembered of earlier looks: in the state database, and at the end of the event log. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { isoTime } from '../../base/clock.ts';
import { clean } from '../../report/clean.ts';
import { readReports } from '../../report/read-reports.ts';
import type { Report } from '../../report/report.ts';
import { openState } from '../../state/open-state.ts';
import { recentBaselines, recentReports } from '../../state/recent-reports.ts';

export interface History {
  /** Oldest first, each once. */
  readonly reports: readonly Report[];
  /** The last accepted look at each target. */
  readonly accepted: readonly { readonly writtenAt: string; readonly evidence: unknown }[];
}

export interface HistoryPlaces {
  readonly stateDir?: string;
  readonly logFile?: string;
  readonly clock: Clock;
}

const maxReports = 50;
const maxBaselines = 20;
const maxLogBytes = 1024 * 1024;

export function readHistory({ stateDir, logFile, clock }: HistoryPlaces): History {
  const stored = stateDir === undefined ? { bodies: [], accepted: [] } : fromState(stateDir, clock);
  const lines = [...stored.bodies, ...(logFile === undefined ? [] : [endOf(logFile)])];
  const { reports } = readReports(lines.join('\n'));
  const once = [...new Map(reports.map((report) => [report.id, report])).values()];
  const inOrder = once.toSorted((one, other) => (one.time < other.time ? -1 : 1));
  return { reports: inOrder.slice(-maxReports), accepted: stored.accepted };
}

function fromState(
  directory: string,
  clock: Clock,
): { readonly bodies: readonly string[]; readonly accepted: History['accepted'] } {
  // Nothing is made where there is nothing to read.
  if (!existsSync(directory)) return { bodies: [], accepted: [] };
  const { db, close } = openState({ directory, exclusive: false, clock });
  try {
    const accepted = recentBaselines(db, maxBaselines).flatMap(({ writtenMs, value }) => {
      const evidence = evidenceIn(value);
      return evidence === undefined ? [] : [{ writtenAt: isoTime(writtenMs), evidence }];
    });
    return { bodies: recentReports(db, maxReports), accepted };
  } finally {
    close();
  }
}

function evidenceIn(value: string): unknown {
  try {
    const stored = JSON.parse(value) as { readonly evidence?: unknown } | null;
    return clean(stored?.evidence);
  } catch {
    return undefined;
  }
}

/** Whole lines alone: the first of them may be cut off, and is then no report. */
function endOf(path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) return '';
      const from = Math.max(0, stat.size - maxLogBytes);
      const octets = Buffer.alloc(stat.size - from);
      return octets.toString('utf8', 0, readSync(descriptor, octets, 0, octets.length, from));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
