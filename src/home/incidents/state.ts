/** All that the incidents are drawn from: made once, changed in place by `step`, and by nothing else. */
import { Fleet } from '../fleet/fleet.ts';
import type { Cell, DelegateRecord, OpenIncident } from '../fleet/records.ts';
import type { IncidentEvent } from './incident.ts';
import { defaultIncidentSettings, type IncidentSettings } from './settings.ts';

export interface IncidentState {
  readonly settings: IncidentSettings;
  readonly fleet: Fleet;
  /** The latest time that it was told, by home's clock. */
  nowMs: number;
  /** Since when home has listened without a break: who could not be heard before is not silent. */
  listeningSinceMs: number;
  readonly open: Set<OpenIncident>;
  /** Whose latest word came late, and counts when nothing newer comes. */
  readonly unsettled: Set<Cell>;
  readonly withGap: Set<DelegateRecord>;
  /** Silent, and not told yet. */
  readonly untold: Set<DelegateRecord>;
  /** New delegates by account and name: they may stand in for others of that name. */
  readonly newcomers: Map<string, Set<DelegateRecord>>;
  nextScanMs: number;
  /** Delegates that were forgotten to make room: for others of their sender, or for anybody. */
  readonly forgotten: Record<'sender' | 'fleet', number>;
  /** For people, taken away by whoever tells them. */
  readonly notices: Notice[];
}

/** A bound was reached. */
export type Notice =
  /** It brings more delegates than it may speak for, or than can be kept. */
  | { readonly kind: 'sender-full'; readonly sender: string }
  | { readonly kind: 'fleet-full' }
  /** Many say the same, but these senders alone: it is no incident. */
  | { readonly kind: 'held-back'; readonly target: string; readonly senders: readonly string[] };

/** Who takes them away keeps up; where nobody does, the first are enough. */
const maxNotices = 1_000;

export function notice({ notices }: IncidentState, what: Notice): void {
  if (notices.length < maxNotices) notices.push(what);
}

export type Emit = (event: IncidentEvent) => void;

export function makeIncidentState(settings: Partial<IncidentSettings> = {}): IncidentState {
  const all = { ...defaultIncidentSettings, ...settings };
  return {
    settings: all,
    fleet: new Fleet(all.maxStandings),
    nowMs: 0,
    listeningSinceMs: 0,
    open: new Set(),
    unsettled: new Set(),
    withGap: new Set(),
    untold: new Set(),
    newcomers: new Map(),
    nextScanMs: 0,
    forgotten: { sender: 0, fleet: 0 },
    notices: [],
  };
}
