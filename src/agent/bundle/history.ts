/** What is remembered of earlier looks: in the state database, and at the end of the event log. */
import { closeSync, existsSync, fstatSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { isoTime } from '../../base/clock.ts';
import { openSmallFile } from '../../base/read-small-file.ts';
import { clean } from '../../report/clean.ts';
import { readReports } from '../../report/read-reports.ts';
import type { Report } from '../../report/report.ts';
import { notedEventLog } from '../../state/event-log-note.ts';
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
  /** As this process is told; an agent that runs may have been told otherwise, and has noted it. */
  readonly logFile?: string;
  readonly clock: Clock;
}

const maxReports = 50;
const maxBaselines = 20;
const maxLogBytes = 1024 * 1024;

export function readHistory({ stateDir, logFile, clock }: HistoryPlaces): History {
  const stored = stateDir === undefined ? nothing : fromState(stateDir, clock);
  const logs = [logFile, stored.logFile].flatMap((path) =>
    path === undefined ? [] : resolve(path),
  );
  // Whoever rotates logs names the one before so.
  const files = [...new Set(logs)].flatMap((path) => [`${path}.1`, path]);
  const lines = [...stored.bodies, ...files.map(endOf)];
  const { reports } = readReports(lines.join('\n'));
  const once = [...new Map(reports.map((report) => [report.id, report])).values()];
  const inOrder = once.toSorted((one, other) => (one.time < other.time ? -1 : 1));
  return { reports: inOrder.slice(-maxReports), accepted: stored.accepted };
}

interface Stored {
  /** Reports as JSON. */
  readonly bodies: readonly string[];
  readonly accepted: History['accepted'];
  /** Of the agent. */
  readonly logFile?: string;
}

const nothing: Stored = { bodies: [], accepted: [] };

function fromState(directory: string, clock: Clock): Stored {
  // Nothing is made where there is nothing to read.
  if (!existsSync(directory)) return nothing;
  const state = openState({ directory, exclusive: false, clock });
  const { db } = state;
  try {
    const accepted = recentBaselines(db, maxBaselines).flatMap(({ writtenMs, value }) => {
      const evidence = evidenceIn(value);
      return evidence === undefined ? [] : [{ writtenAt: isoTime(writtenMs), evidence }];
    });
    const logFile = notedEventLog(db);
    return {
      bodies: recentReports(db, maxReports),
      accepted,
      ...(logFile !== undefined && { logFile }),
    };
  } finally {
    state.close();
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
    const descriptor = openSmallFile(path);
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
