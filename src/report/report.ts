/** The document that others rely on, `sidelight.report/1`: one look at one target, with its conclusion. */
import type { Alternative, Diagnosis } from '../diagnosis/diagnose.ts';
import type { ClientCertificateSeen, Evidence, Outcome } from '../evidence/evidence.ts';

export const reportSchemaName = 'sidelight.report/1';

export interface Report extends Evidence, Diagnosis {
  readonly schema: typeof reportSchemaName;
  /** UUIDv7; unique for all time, so a receiver can drop duplicates. */
  readonly id: string;
  /** Counts the reports of `agent.id` from 1: a number that never arrives is a report that was lost. Absent from `check` without a home. */
  readonly sequence?: number;
  readonly runId: string;
  readonly agent: AgentIdentity;
  readonly attempt: Attempt;
  /** `run` only: why this report was written. `check` writes none. */
  readonly event?: 'state-changed' | 'heartbeat' | 'credential-changed';
  /**
   * `run` only, where `event` is `credential-changed`: what is wrong with files that the next look is the first to use.
   * All else is of the look before, which used the files before; `time` is when these were judged.
   */
  readonly preflight?: PreflightFindings;
  /** `run` only: what the way home has cost so far, counted since the state directory was made. */
  readonly delivery?: Delivery;
  /** `run` only: events that a slow or absent reader cost since the start; absent when none. */
  readonly eventsDropped?: EventsDropped;
  /** `check --replay` only: what the stored report had concluded. */
  readonly replayed?: Replayed;
}

/** What a preflight of a new credential found. */
export interface PreflightFindings {
  /** The new certificate; absent when none is configured. */
  readonly clientCertificate?: ClientCertificateSeen;
  /** What did not pass, at least one, in the order of `sidelight preflight client`. */
  readonly checks: readonly PreflightFinding[];
}

export interface PreflightFinding {
  /** Of a cause, or of docs/preflight.md. */
  readonly code: string;
  readonly outcome: 'failed' | 'warning';
  /** What would be so if it had passed. */
  readonly title: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

/** An earlier conclusion about the same evidence. */
export interface Replayed {
  readonly outcome: Outcome;
  /** Null when none was named. */
  readonly cause: Alternative | null;
  /** The version of Sidelight that drew it. */
  readonly version: string;
}

export interface AgentIdentity {
  readonly name: 'sidelight';
  readonly version: string;
  /** Stable for one state directory; absent means none could be written. */
  readonly id?: string;
  readonly host: string;
  readonly delegate?: DelegateIdentity;
}

export interface DelegateIdentity {
  readonly name?: string;
  readonly account?: string;
}

export interface Attempt {
  /** Counts attempts at this target since the agent started, from 1. */
  readonly number: number;
  /** When the first of the attempts that failed in a row began; absent when accepted. */
  readonly failingSince?: string;
  /** `run` only: when the row of failures began that this accepted look ended; absent on any other. */
  readonly failedSince?: string;
  /** `run` only: codes of the warnings for which alone this accepted look is reported; absent on any other. */
  readonly newWarnings?: readonly string[];
  /** How many attempts before this one said the same and were not reported one by one. */
  readonly repeats: number;
}

export interface Delivery {
  /** Reports that wait in the spool for any home. */
  readonly waiting: number;
  /** Reports lost for good, by reason, counted once for each home that will never get them: too old, too many or too large together, refused. */
  readonly lost: Lost;
  /** How many of them since the last heartbeat of any target; absent when none. */
  readonly newlyLost?: number;
  /** Of a heartbeat only: each receiver by itself, in the order of the configuration. */
  readonly homes?: readonly ReceiverDelivery[];
}

export interface ReceiverDelivery {
  /** As configured; `home` for the one of option and environment. */
  readonly name: string;
  readonly waiting: number;
  /** Of what waits, in octets. */
  readonly waitingBytes: number;
  /** Of the report that has waited longest; absent when none waits. */
  readonly oldestTime?: string;
  readonly lost: Lost;
  /** When it last took reports; absent when it never did. */
  readonly lastSuccessTime?: string;
}

export interface Lost {
  readonly age: number;
  readonly size: number;
  readonly rejected: number;
  /** The disk did not take them, or was damaged; absent when none. */
  readonly storage?: number;
}

/** The same report with its number. */
export function withSequence(
  report: Report,
  sequence: number,
): Report & { readonly sequence: number } {
  if (report.sequence !== undefined) return { ...report, sequence };
  const { schema, id, time, ...rest } = report;
  return { schema, id, time, sequence, ...rest };
}

/** Counts by where the events were to go; where none were dropped the name is absent. */
export interface EventsDropped {
  readonly stdout?: number;
  readonly file?: number;
  readonly syslog?: number;
}
