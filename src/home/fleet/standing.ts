/** How a delegate stands with a target, and with home: the latest that is known, and nothing of the past. */
import type { Layer, Outcome } from '../../evidence/evidence.ts';
import type { Variant } from '../incidents/incident.ts';
import type { DelegateSeen } from '../incidents/sighting.ts';

/** All times are home's clock, in milliseconds since 1970. Objects live on and change with the fleet: copy what you keep. */
export interface Delegate {
  readonly seen: DelegateSeen;
  readonly firstSeenMs: number;
  readonly heardMs: number;
  /** How often it reports when nothing changes, learnt from its heartbeats; absent until it has sent one. */
  readonly rhythmMs?: number;
  /** Since when it has been missed: when it was heard last; absent while it reports. */
  readonly silentSinceMs?: number;
  /** Its part in the watch over silence; absent for one that was never seen to run. */
  readonly silence?: Pick<Standing, 'incidentId'>;
  /** By target label. */
  readonly standings: ReadonlyMap<string, Standing>;
}

export interface Standing {
  readonly target: string;
  readonly outcome: Outcome;
  readonly layer?: Layer;
  /** What it says; absent when accepted. Shared by all who say the same. */
  readonly fault?: Readonly<Pick<Variant, 'signature' | 'title' | 'side' | 'confidence'>>;
  /** When the present state began: acceptance, or the row of failures. */
  readonly sinceMs: number;
  /** When it was last known to be accepted; absent when never. */
  readonly acceptedMs?: number;
  readonly heardMs: number;
  /** Where its latest report stands in the store. */
  readonly arrival: number;
  /** The open incident that it is part of. */
  readonly incidentId?: string;
}

/** One target at a glance. */
export interface TargetGlance {
  readonly target: string;
  /** Delegates that watch it: those that are silent are not among them. */
  readonly known: number;
  readonly accepted: number;
  /** Rejected, failed and unconfirmed. */
  readonly failing: number;
  readonly silent: number;
}

/** The fleet at a glance. */
export interface FleetGlance {
  readonly delegates: number;
  readonly silent: number;
  /** The most watched first. */
  readonly targets: readonly TargetGlance[];
}
