/** The document `sidelight.status/1`: how one agent stands at one moment, as it says itself or as its state directory shows. */
import type { CauseFound } from '../diagnosis/diagnose.ts';
import type { Layer, Outcome } from '../evidence/evidence.ts';
import type { AgentIdentity, EventsDropped, ReceiverDelivery } from './report.ts';

export const statusSchemaName = 'sidelight.status/1';

export interface Status {
  readonly schema: typeof statusSchemaName;
  /** When it was asked. */
  readonly time: string;
  readonly verdict: StatusVerdict;
  /** Why the verdict is not `good`, the gravest first; empty when it is. */
  readonly findings: readonly StatusFinding[];
  /** `agent`: the agent itself answered. `directory`: nobody did, and this is what the state directory holds. */
  readonly source: 'agent' | 'directory';
  readonly agent: AgentStatus;
  readonly state: StateStatus;
  /** In the order of the configuration; at most a thousand, those that are not accepted first where there are more. */
  readonly targets: readonly TargetStatus[];
  /** How many more there are; absent when none. */
  readonly targetsOmitted?: number;
  /** In the order of the configuration; empty without any. */
  readonly receivers: readonly ReceiverStatus[];
  /** Of the agent alone: events that no reader will see since its start, 0 included, by each place that events go to. */
  readonly eventsDropped?: EventsDropped;
}

/** `good`: the agent runs, all targets accept it, and nothing stands between it and its receivers. `unknown`: nobody can tell. */
export type StatusVerdict = 'good' | 'troubled' | 'unknown';

export const statusFindings = [
  /** Nobody runs with the state directory. */
  'agent-not-running',
  'target-not-accepted',
  'receiver-troubled',
  /** What waits and what is known ends with the process. */
  'state-not-kept',
  /** An agent has the directory, and does not answer. */
  'agent-not-answering',
  /** There is no directory, or nothing in it that can be read. */
  'state-not-readable',
  /** No look is over yet. */
  'target-not-seen',
] as const;
export type StatusFinding = (typeof statusFindings)[number];

export interface AgentStatus {
  /** Absent: it cannot be told. */
  readonly running?: boolean;
  /** Absent when nobody ever ran here. */
  readonly id?: string;
  /** All that follows: of an agent that answered. */
  readonly version?: string;
  readonly startedAt?: string;
  readonly pid?: number;
  readonly runId?: string;
  readonly host?: string;
  readonly delegate?: AgentIdentity['delegate'];
  /** Resident memory, in octets. */
  readonly memoryBytes?: number;
}

export interface StateStatus {
  /** Absent where none is configured and none is usual. */
  readonly directory?: string;
  /** Whether what the agent keeps outlives it. */
  readonly durable: boolean;
  /** Why it is not, or why it cannot be read; a code such as `not-writable`. */
  readonly reason?: string;
  /** errno or SQLite's name, where the system gave one. */
  readonly error?: string;
}

export interface TargetStatus {
  /** By which metrics tell it from the others: the URL without userinfo and query, and what else makes it another target. */
  readonly label: string;
  /** Of the last look; absent before the first, and when only the directory speaks. */
  readonly outcome?: Outcome;
  readonly layer?: Layer;
  /** Absent where the last look was accepted. Null: not known. */
  readonly cause?: StatusCause | null;
  /** When the first of the looks began that came to this outcome and cause one after the other. */
  readonly since?: string;
  /** When the last look began. */
  readonly lastLookAt?: string;
  /** When the next is due; not before `time`. */
  readonly nextLookAt?: string;
  /** Looks since the agent started. */
  readonly attempts?: number;
  /** Of the last look that was accepted, in this or an earlier life of the agent; absent when none was. */
  readonly lastAcceptedAt?: string;
}

export type StatusCause = Pick<CauseFound, 'code' | 'title' | 'side' | 'confidence' | 'remedy'>;

export interface ReceiverStatus extends ReceiverDelivery {
  /** What keeps it from taking reports now; absent when nothing is known to. */
  readonly trouble?: ReceiverTrouble;
}

export interface ReceiverTrouble {
  /** As the program's log names it: `unreachable`, `unauthorized`, … */
  readonly code: string;
  /** Of HTTP. */
  readonly status?: number;
  /** errno, or the code of Node, OpenSSL or SQLite. */
  readonly error?: string;
  /** When the first attempt failed of those that have failed since. */
  readonly since: string;
}
