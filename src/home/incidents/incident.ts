/** What many delegates say at once: the incident, what it is told by, and the events that tell of it. */
import type { Change } from '../../diagnosis/baseline.ts';
import type { Confidence, Side } from '../../diagnosis/cause.ts';
import type { AlertMark, DelegateSeen } from './sighting.ts';

/** What makes two failing reports say the same. */
export interface Signature {
  /** The target's label; `*` for silence, which is about no target. */
  readonly target: string;
  /** The cause's code; `unknown` where the agents named none; `delegates-silent` for silence. */
  readonly cause: string;
  readonly alert?: AlertMark;
  /** SHA-256 of the gateway's leaf certificate, lower hex. */
  readonly serverSha256?: string;
  /** SHA-256 over the sorted `certificate_authorities`, lower hex. */
  readonly authoritiesSha256?: string;
}

/** A stable text for a signature: equal exactly when the signatures are. */
export function signatureKey(signature: Signature): string {
  const { target, cause, alert, serverSha256, authoritiesSha256 } = signature;
  return JSON.stringify([
    target,
    cause,
    alert ? `${alert.direction} ${alert.code}` : '',
    serverSha256 ?? '',
    authoritiesSha256 ?? '',
  ]);
}

/**
 * Whose trouble it is by nature. Different signatures of one kind at one target and one time are one incident, for a
 * gateway has many nodes, and each server stack has an alert of its own for the same fault.
 *
 * `gateway`: it refuses, or answers with a failure. `way`: network or proxy. `delegates`: many have the same fault of
 * their own. `silence`: many no longer report.
 */
export type IncidentKind = 'gateway' | 'way' | 'delegates' | 'silence';

/** Everybody who watches the target, or those of one account, as when an office is offline. */
export type Scope =
  | { readonly kind: 'target' }
  | { readonly kind: 'account'; readonly account: string };

/** One of the signatures that make up an incident. */
export interface Variant {
  readonly signature: Signature;
  /** Of the cause, one short sentence. */
  readonly title: string;
  /** Absent when no cause was named. */
  readonly side?: Side;
  /** The confidence that most of them have. */
  readonly confidence?: Confidence;
  /** Delegates that say it now; once less than half of the peak is left, those that said it before. */
  readonly affected: number;
}

export interface Incident {
  /** Unique for one home. Printable ASCII without spaces. */
  readonly id: string;
  readonly kind: IncidentKind;
  readonly scope: Scope;
  readonly state: 'open' | 'closed';
  /** The target's label; `*` for silence. */
  readonly target: string;
  /** The signature that most delegates say, the surer ones counting more. */
  readonly signature: Signature;
  /** Of its cause. */
  readonly title: string;
  /** Who must act; absent where nobody can tell. */
  readonly side?: Side;
  readonly confidence?: Confidence;
  /** All signatures in it, those of the leading cause first, then by number, at most 16; the first is `signature`. */
  readonly variants: readonly Variant[];
  /** When it was opened, by home's clock, like every time here, in milliseconds since 1970. */
  readonly openedMs: number;
  /** When the first of its delegates began to fail. */
  readonly firstMs: number;
  /** The latest acceptance before that, by any of its delegates; of silence, when the first of them was heard last. Absent when none is known. */
  readonly lastGoodMs?: number;
  /** Delegates that fail now. */
  readonly affected: number;
  /** The most at any time. */
  readonly peak: number;
  /** Delegates that watch the target (of the account, where that is the scope); of a closed one, at the peak. */
  readonly known: number;
  /** As many as were known at the peak; absent in what an earlier version kept. */
  readonly peakKnown?: number;
  /** `affected` of `known`, from 0 to 1. */
  readonly share: number;
  /** What differs from before, as the delegates of the leading signature saw it; at most 8. */
  readonly changed: readonly Change[];
  /** A few of its delegates, at most 16, in the order in which they joined. */
  readonly sample: readonly DelegateSeen[];
  /** Accounts with the most delegates in it, at most 8, the most first. */
  readonly accounts: readonly AccountAffected[];
  /** What happened to it, oldest first: the first entry, and the latest 63. */
  readonly timeline: readonly TimelineEntry[];
  /** How often it began again after it had been closed. */
  readonly reopenings: number;
  /** Other incidents of the same target that were open when this one opened; at most 8. */
  readonly related: readonly string[];
  /** Who brought all of it, where that is one sender or two, and they brought more delegates than one each. */
  readonly broughtBy?: readonly string[];
  readonly closedMs?: number;
  readonly closedBecause?: ClosedBecause;
  /** Of an incident that turned out to be part of a wider one: that one's id. */
  readonly mergedInto?: string;
}

export interface AccountAffected {
  readonly account: string;
  readonly affected: number;
}

/** `recovered`: they are accepted again. `fell-silent`: most of them no longer report. `merged`: a wider one took them over. */
export type ClosedBecause = 'recovered' | 'fell-silent' | 'merged';

/** `grew`: twice as many as when last told. `shrank`: half. `cause`: another cause, side or confidence leads. `still`: told from time to time. */
export type TimelineWhat = 'opened' | 'reopened' | 'grew' | 'shrank' | 'cause' | 'still' | 'closed';

export interface TimelineEntry {
  readonly atMs: number;
  readonly what: TimelineWhat;
  readonly affected: number;
  readonly known: number;
  /** The leading cause then. */
  readonly cause: string;
}

/** What the stream of incident events consists of. `atMs` is home's clock. */
export type IncidentEvent =
  /** Also when one that was closed a short while ago began again: its `reopenings` are then above 0. */
  | { readonly kind: 'opened'; readonly atMs: number; readonly incident: Incident }
  | {
      readonly kind: 'updated';
      readonly atMs: number;
      readonly incident: Incident;
      readonly what: TimelineWhat;
    }
  | { readonly kind: 'closed'; readonly atMs: number; readonly incident: Incident }
  /** A single one no longer reports; where many fall silent at once it is an incident instead. */
  | {
      readonly kind: 'delegate-silent';
      readonly atMs: number;
      readonly delegate: DelegateSeen;
      readonly lastSeenMs: number;
      /** How often it used to report. */
      readonly rhythmMs: number;
    }
  /** One whose silence was told reports again. */
  | {
      readonly kind: 'delegate-back';
      readonly atMs: number;
      readonly delegate: DelegateSeen;
      readonly silentMs: number;
    }
  /** Reports of one delegate never arrived: numbers from `first` to `last`, `missing` of them. */
  | {
      readonly kind: 'gap';
      readonly atMs: number;
      readonly delegate: DelegateSeen;
      readonly first: number;
      readonly last: number;
      readonly missing: number;
    };
