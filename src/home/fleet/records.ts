/** The fleet as it is kept: records that change in place, in the hands of the fleet and the incidents alone. */
import type { Change } from '../../diagnosis/baseline.ts';
import type { Layer, Outcome } from '../../evidence/evidence.ts';
import type {
  ClosedBecause,
  IncidentKind,
  Scope,
  TimelineEntry,
  Variant,
} from '../incidents/incident.ts';
import type { DelegateSeen, SenderSeen } from '../incidents/sighting.ts';
import type { Tally } from '../incidents/tally.ts';
import type { Delegate, Standing } from './standing.ts';

export interface DelegateRecord extends Delegate {
  seen: DelegateSeen;
  readonly sender?: SenderRecord;
  heardMs: number;
  rhythmMs?: number;
  silentSinceMs?: number;
  readonly standings: Map<string, Cell>;
  readonly clock: DelegateClock;
  /** Its own cell in the watch over silence; only those that run have one. */
  silence?: Cell;
  /** When its silence is told, if it is still single by then. */
  tellSilenceAtMs?: number;
  silenceTold: boolean;
  /** The highest number so far. */
  sequence?: number;
  gap?: PendingGap;
}

/** Whoever brings delegates' reports, with those of its delegates that are kept. */
export interface SenderRecord {
  seen: SenderSeen;
  /** Whoever was not heard longest first. */
  readonly delegates: Map<string, DelegateRecord>;
  cells: number;
}

/** How its clock differs from home's. */
export interface DelegateClock {
  /** The least that a report of late took to arrive, by the two clocks; below 0 when its clock is ahead. */
  offsetMs?: number;
  receivedMs: number;
  timeMs: number;
}

export interface PendingGap {
  readonly first: number;
  last: number;
  missing: number;
  dueMs: number;
}

/** What many say in the same words, kept once. */
export interface Fault extends Omit<Variant, 'affected'> {
  /** Equal for equal signatures. */
  readonly key: string;
  readonly changes: readonly Change[];
  /** How many cells refer to it. */
  cells: number;
}

/** One delegate and one target. */
export interface Cell extends Standing {
  readonly delegate: DelegateRecord;
  readonly watch: Watch;
  outcome: Outcome;
  layer?: Layer;
  fault?: Fault;
  sinceMs: number;
  acceptedMs?: number;
  heardMs: number;
  arrival: number;
  incidentId?: string;
  /** By the agent's clock. */
  timeMs: number;
  sequence?: number;
  /** Whether it is too long ago that it was heard; then it is not counted among those who watch. */
  stale: boolean;
  /** A failure that came late: where and when it begins to count, unless something newer comes. */
  waiting?: Waiting;
  crowd?: Crowd;
  /** In the crowd: when its failure began. */
  onsetMs: number;
  incident?: OpenIncident;
  /** Whether an incident that it was part of has ended, and it goes on: from then on it is its own trouble. */
  left: boolean;
}

interface Waiting {
  readonly kind: IncidentKind;
  /** Of the crowd. */
  readonly key: string;
  readonly onsetMs: number;
  readonly untilMs: number;
}

/** Cells that are not stale, and who brought them. */
export interface Headcount {
  known: number;
  /** Their senders: one that speaks for many is as many as it has there. */
  voices: number;
  readonly senders: Map<SenderRecord, number>;
}

/** One target, or silence, with all who watch it. */
export interface Watch extends Headcount {
  readonly target: string;
  readonly firstSeenMs: number;
  readonly byAccount: Map<string, Headcount>;
  readonly crowds: Map<string, Crowd>;
  readonly faults: Map<string, Fault>;
  accepted: number;
  /** Stale cells. */
  stale: number;
}

/** Those at one target who have one kind of trouble. */
export interface Crowd {
  readonly kind: IncidentKind;
  readonly key: string;
  readonly watch: Watch;
  /** All members, those of incidents and those of bygone ones too. */
  cells: number;
  /** Members that are part of no incident and may become part of one. */
  readonly free: Set<Cell>;
  readonly tally: Tally;
  readonly byAccount: Map<string, Tally>;
  incident?: OpenIncident;
  readonly accountIncidents: Map<string, OpenIncident>;
  /** Incidents closed a short while ago, by account; that of everybody under the empty name. */
  readonly closed: Map<string, OpenIncident>;
  /** Accounts that may get an incident of their own, and since when. */
  readonly accountsSince: Map<string, number>;
  /** Whether many of its members were brought by too few senders for an incident. */
  isHeldBack: boolean;
}

export interface OpenIncident {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly scope: Scope;
  readonly crowd: Crowd;
  readonly members: Set<Cell>;
  readonly faults: Map<Fault, number>;
  readonly accounts: Map<string, number>;
  /** Members by who brought them; those that stand for themselves under undefined. */
  readonly senders: Map<SenderRecord | undefined, number>;
  readonly openedMs: number;
  /** Who began to fail before this is not part of it. */
  fromMs: number;
  firstMs: number;
  /** Of members: when each was last accepted; the latest that lies before `firstMs` is told. */
  lastGoodMs?: number;
  peak: number;
  /** Who watched the target then. */
  peakKnown: number;
  recovered: number;
  fellSilent: number;
  sample: readonly DelegateSeen[];
  timeline: readonly TimelineEntry[];
  reopenings: number;
  related: readonly string[];
  told: Told;
  quietSinceMs?: number;
  closedMs?: number;
  closedBecause?: ClosedBecause;
  mergedInto?: string;
  /** What its variants were when it had members last. */
  lastVariants: readonly Variant[];
  lastChanged: readonly Change[];
  lastBroughtBy: readonly string[];
}

/** What the last event about it said. */
export interface Told {
  readonly atMs: number;
  readonly affected: number;
  /** Cause, side and confidence in one text. */
  readonly lead: string;
  /** Until the next update for want of news. */
  readonly patienceMs: number;
}
