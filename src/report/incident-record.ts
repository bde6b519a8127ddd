/** `sidelight.incident/1`: what home tells others of an incident, or of a delegate that fell silent. */
import type { Change } from '../diagnosis/baseline.ts';
import type { Confidence, Side } from '../diagnosis/cause.ts';
import type { Direction } from '../evidence/evidence.ts';
import type { IncidentEventCode } from './incident-event.ts';

export const incidentSchemaName = 'sidelight.incident/1';

/** One event of home. Every text from a delegate or a gateway is safe to print. */
export interface IncidentRecord {
  readonly schema: typeof incidentSchemaName;
  /** UUIDv7, unique for all time: a second one with it is a repetition. */
  readonly id: string;
  /** RFC 3339 in UTC, by home's clock, like every time here. */
  readonly time: string;
  readonly event: IncidentEventCode;
  /** One line in words. */
  readonly message: string;
  readonly home: HomeIdentity;
  /** The page about it, where home knows its own public URL. */
  readonly url?: string;
  /** Of the three events of an incident. */
  readonly incident?: IncidentTold;
  /** Of the other three, whose event it is. */
  readonly delegate?: DelegateTold;
  readonly silence?: Silence;
  readonly missing?: MissingReports;
}

export interface HomeIdentity {
  readonly name: 'sidelight';
  readonly version: string;
  /** Stable for one database. */
  readonly id: string;
  readonly host: string;
}

export interface IncidentTold {
  /** Unique for one home; the same in every event of one incident. */
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly kind: 'gateway' | 'way' | 'delegates' | 'silence';
  /** Absent where it is everybody's who watches the target. */
  readonly account?: string;
  /** URL, then server name and address where they are not the URL's own; `*` for silence. */
  readonly target: string;
  /** The code of the leading cause; `unknown`, or `delegates-silent`. */
  readonly cause: string;
  readonly title: string;
  /** Who must act; absent where nobody can tell. */
  readonly side?: Side;
  readonly confidence?: Confidence;
  readonly alert?: AlertTold;
  /** SHA-256 of the gateway's leaf certificate, lower hex. */
  readonly serverSha256?: string;
  /** SHA-256 over the authorities that the gateway names, lower hex. */
  readonly authoritiesSha256?: string;
  /** When the first of its delegates began to fail. */
  readonly since: string;
  readonly openedAt: string;
  /** The latest acceptance before that, by any of its delegates. */
  readonly lastGoodAt?: string;
  readonly closedAt?: string;
  readonly closedBecause?: 'recovered' | 'fell-silent' | 'merged';
  /** The id of the wider incident. */
  readonly mergedInto?: string;
  /** Delegates that fail now, at most at any time, and that watch the target. */
  readonly affected: number;
  readonly peak: number;
  readonly known: number;
  /** From 0 to 1. */
  readonly share: number;
  /** How often it began again. */
  readonly reopenings: number;
  /** Of an update: why it is told. */
  readonly what?: 'opened' | 'reopened' | 'grew' | 'shrank' | 'cause' | 'still' | 'closed';
  readonly changed: readonly Change[];
  /** All that they say, the leading one first. */
  readonly variants: readonly VariantTold[];
  /** A few of its delegates. */
  readonly sample: readonly DelegateTold[];
  readonly accounts: readonly AccountTold[];
  /** Ids of other incidents of the same target that were open. */
  readonly related: readonly string[];
  /** Who brought all of it, where that is one sender or two for more delegates: nobody else bears it out. */
  readonly broughtBy?: readonly string[];
}

export interface AlertTold {
  readonly direction: Direction;
  /** RFC 9846 section 6. */
  readonly code: number;
  readonly description: string;
}

export interface VariantTold {
  readonly cause: string;
  readonly title: string;
  readonly side?: Side;
  readonly confidence?: Confidence;
  readonly alert?: AlertTold;
  readonly serverSha256?: string;
  readonly authoritiesSha256?: string;
  readonly affected: number;
}

export interface DelegateTold {
  readonly source: string;
  readonly name?: string;
  readonly account?: string;
  readonly host?: string;
}

export interface AccountTold {
  readonly account: string;
  readonly affected: number;
}

export interface Silence {
  readonly lastSeenAt?: string;
  /** How often it used to report. */
  readonly rhythmMs?: number;
  /** Of one that is back: how long it was silent. */
  readonly silentMs?: number;
}

/** Numbers from `first` to `last`. */
export interface MissingReports {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}
