/** What a stored report says, as far as incidents care: one delegate's word about one target. */
import type { Change } from '../../diagnosis/baseline.ts';
import type { Confidence, Side } from '../../diagnosis/cause.ts';
import type { Direction, Layer, Outcome } from '../../evidence/evidence.ts';
import type { Report } from '../../report/report.ts';

export interface Sighting {
  /** The order in which home stored it, from 1. */
  readonly arrival: number;
  /** When it arrived, by home's clock, in milliseconds since 1970. Every window is measured by this. */
  readonly receivedMs: number;
  /** When the look began, by the agent's own clock, which may be wrong by hours. */
  readonly timeMs: number;
  readonly delegate: DelegateSeen;
  /** Who brought it; absent where senders are not known, and every delegate stands for itself. */
  readonly sender?: SenderSeen;
  /** The target's label, as in metrics: URL, then server name and address where they are not the URL's own. */
  readonly target: string;
  readonly outcome: Outcome;
  /** Where it stopped; absent when accepted. */
  readonly layer?: Layer;
  /** Absent when accepted, and when the agent named none. */
  readonly cause?: CauseSeen;
  /** The alert that decided the look; absent when none did. */
  readonly alert?: AlertMark;
  /** SHA-256 of the gateway's leaf certificate, lower hex. */
  readonly serverSha256?: string;
  /** SHA-256, lower hex, over the sorted `certificate_authorities`; absent when the gateway asked for no certificate. */
  readonly authoritiesSha256?: string;
  /** For how long it had failed when this look began, by the agent's clock; 0 and more; absent when accepted. */
  readonly failingForMs?: number;
  /** How long before this look the last accepted one was, by the agent's clock; absent when there was none. */
  readonly acceptedAgoMs?: number;
  /** What differs from the last accepted look; at most 16. */
  readonly changes: readonly Change[];
  /** Why it was written; absent for a single `check`. */
  readonly event?: NonNullable<Report['event']>;
  /** Counts the reports of one agent from 1; absent where the agent does not count. */
  readonly sequence?: number;
}

/** Who speaks. `source` alone tells one from another; the rest are words of its own choice. */
export interface DelegateSeen {
  /** The CloudEvents `source`; of one whose source somebody else brought first, what home tells it by. */
  readonly source: string;
  readonly name?: string;
  readonly account?: string;
  readonly host?: string;
}

export interface SenderSeen {
  /** As home tells senders apart, see `sender.ts`. */
  readonly identity: string;
  /** So many of its delegates are kept. */
  readonly places: number;
  /** Whether the operator has said for how many it speaks: then each of them counts, and not all of them as one. */
  readonly isMany: boolean;
}

export interface CauseSeen {
  readonly code: string;
  readonly title: string;
  readonly side: Side;
  readonly confidence: Confidence;
}

export interface AlertMark {
  readonly direction: Direction;
  /** The number on the wire (RFC 9846 section 6). */
  readonly code: number;
}
