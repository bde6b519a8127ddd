/** How an agent stands that does not answer, as far as its state directory shows it. */
import { errorCode } from '../../base/cannot-run.ts';
import { type Clock, isoTime } from '../../base/clock.ts';
import { clean } from '../../report/clean.ts';
import { judgeStanding, type Standing } from '../../report/judge-standing.ts';
import { type ReceiverStatus, type Status, statusSchemaName } from '../../report/status.ts';
import { targetLabel } from '../../sink/metrics/target-label.ts';
import { Spool } from '../../sink/spool/spool.ts';
import { DatabaseUnusable, isCorruption } from '../../state/open-database.ts';
import type { OpenState } from '../../state/open-state.ts';
import {
  knownAgentId,
  type LockStanding,
  lockStanding,
  openReadOnly,
  receiverNames,
} from '../../state/read-only.ts';
import { recentBaselines } from '../../state/recent-reports.ts';
import { lossesInReport } from '../report-delivery.ts';

const maxTargets = 1_000;

/** `directory` absent: none is configured, and none is usual. Makes and changes nothing there. */
export function readStatus(directory: string | undefined, clock: Clock): Status {
  const standing = directory === undefined ? nowhere : readDirectory(directory, clock);
  const status = {
    schema: statusSchemaName,
    time: isoTime(clock.now()),
    ...judgeStanding(standing),
    ...standing,
  };
  return clean(status) as Status;
}

const nowhere: Standing = {
  source: 'directory',
  agent: {},
  state: { durable: false, reason: 'no-directory' },
  targets: [],
  receivers: [],
};

function readDirectory(directory: string, clock: Clock): Standing {
  const lock = lockStanding(directory);
  const running = lock === 'held' || lock === 'free' ? { running: lock === 'held' } : {};
  try {
    const db = openReadOnly(directory);
    try {
      const id = knownAgentId(db);
      return {
        source: 'directory',
        agent: { ...running, ...(id !== undefined && { id }) },
        state: { directory, durable: true, ...reasons[lock] },
        targets: recentBaselines(db, maxTargets).flatMap(({ value }) => acceptedTarget(value)),
        receivers: receiversIn(db, clock),
      };
    } finally {
      db.close();
    }
  } catch (error) {
    return { ...nowhere, agent: running, state: { directory, durable: false, ...why(error) } };
  }
}

/** Why nobody can say whether an agent runs with a directory that can be read. */
const reasons: Readonly<Record<LockStanding, { readonly reason?: string }>> = {
  held: {},
  free: {},
  // `check` was here, and no agent ever.
  none: { reason: 'no-lock' },
  untold: { reason: 'not-writable' },
};

/** Of a baseline that can be read: another version may have written something else. */
function acceptedTarget(value: string): Standing['targets'] {
  try {
    const { target, time } = JSON.parse(value).evidence;
    return [{ label: targetLabel(target), lastAcceptedAt: time }];
  } catch {
    return [];
  }
}

function receiversIn(db: OpenState['db'], clock: Clock): readonly ReceiverStatus[] {
  const state = {
    ...{ db, durable: true, exclusive: false, isWaiting: false, outOfReach: {} },
    recover: () => false,
    askDisk: () => true,
  };
  const spool = new Spool({ state, clock, receivers: receiverNames(db) });
  return spool.stats().receivers.map((each) => ({ ...each, lost: lossesInReport(each.lost) }));
}

function why(error: unknown): { readonly reason: string; readonly error?: string } {
  if (error instanceof DatabaseUnusable) return { reason: error.fault };
  if (isCorruption(error)) return { reason: 'corrupt' };
  const { errcode } = error as { errcode?: unknown };
  const code = typeof errcode === 'number' ? `SQLITE_${errcode}` : errorCode(error);
  return { reason: code === 'ENOENT' ? 'not-there' : 'not-readable', error: code };
}
