/** What a running agent says of itself when it is asked. */
import { isoTime } from '../../base/clock.ts';
import { clean } from '../../report/clean.ts';
import { judgeStanding } from '../../report/judge-standing.ts';
import type { AgentIdentity, EventsDropped } from '../../report/report.ts';
import {
  type ReceiverStatus,
  type StateStatus,
  type Status,
  statusSchemaName,
  type TargetStatus,
} from '../../report/status.ts';
import type { OpenState } from '../../state/open-state.ts';

/** What the agent knows. */
export interface AgentStanding {
  readonly identity: AgentIdentity;
  readonly runId: string;
  readonly startedAt: string;
  readonly state: Pick<OpenState, 'durable' | 'isLocked' | 'reason'>;
  /** Whether the disk takes no reports now, so that they are held in memory. */
  readonly isHolding: boolean;
  readonly directory?: string;
  /** In the order of the configuration. */
  readonly targets: readonly TargetStatus[];
  readonly receivers: readonly ReceiverStatus[];
}

/** What is known around it. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly pid: number;
  readonly memoryBytes: number;
  readonly eventsDropped: EventsDropped;
}

const maxTargets = 1_000;

export function describeAgent(standing: AgentStanding, around: Surroundings): Status {
  const { identity, runId, startedAt, receivers } = standing;
  const { version, id, host, delegate } = identity;
  const { pid, memoryBytes, eventsDropped } = around;
  const agent = {
    running: true,
    version,
    startedAt,
    pid,
    runId,
    ...(id !== undefined && { id }),
    host,
    ...(delegate && { delegate }),
    memoryBytes,
  };
  const time = isoTime(around.nowMs);
  const targets = standing.targets.map((target) => notBefore(time, target));
  const omitted = targets.length - maxTargets;
  const known = {
    source: 'agent' as const,
    agent,
    state: stateOf(standing),
    targets,
    ...(omitted > 0 && { targetsOmitted: omitted }),
    receivers,
    eventsDropped,
  };
  const status: Status = {
    schema: statusSchemaName,
    time,
    ...judgeStanding(known),
    ...known,
    targets: omitted > 0 ? gravest(targets) : targets,
  };
  return clean(status) as Status;
}

function stateOf({ state, isHolding, directory }: AgentStanding): StateStatus {
  const { durable, reason } = state;
  const where = directory === undefined ? {} : { directory };
  if (durable && isHolding) return { ...where, durable: false, reason: 'disk-takes-nothing' };
  if (durable) return { ...where, durable };
  // Without a reason from the start: it was damaged in use, and no new one could be made.
  const { code = 'not-writable', error } = reason ?? {};
  return { ...where, durable, reason: code, ...(error !== undefined && { error }) };
}

/** A look that is under way was due before. */
function notBefore(time: string, target: TargetStatus): TargetStatus {
  const { nextLookAt } = target;
  return nextLookAt !== undefined && nextLookAt < time ? { ...target, nextLookAt: time } : target;
}

function gravest(targets: readonly TargetStatus[]): readonly TargetStatus[] {
  const isAccepted = ({ outcome }: TargetStatus): boolean => outcome === 'accepted';
  const rest = targets.filter(isAccepted);
  return [...targets.filter((target) => !isAccepted(target)), ...rest].slice(0, maxTargets);
}
