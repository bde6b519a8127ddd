/** The incidents of a running home: fed with what is stored, ticking, kept in the database, told to whoever listens. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { transaction } from '../../state/open-database.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { StoredEvent } from '../intake.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import { latestSightings, openIncidentStore, type SenderOf } from './incident-store.ts';
import { readSighting } from './read-sighting.ts';
import { restore } from './restore.ts';
import type { IncidentSettings } from './settings.ts';
import { makeIncidentState, type Notice } from './state.ts';
import { openIncidents, step } from './step.ts';

export interface KeptIncidents {
  /** How everybody stands, as of now. To be read, not changed. */
  readonly fleet: Pick<Fleet, 'delegate' | 'delegates' | 'glance'>;
  /** Open ones as of now, the oldest first. */
  open(): readonly Incident[];
  /** As last told, open and closed, the newest first. */
  latest(limit: number): readonly Incident[];
  find(id: string): Incident | undefined;
  /** Calls back with what is new, in order; the returned function ends it. */
  onEvents(listener: (events: readonly IncidentEvent[]) => void): () => void;
  /** Delegates that were forgotten to make room, for others of their sender or for anybody. */
  readonly forgotten: Readonly<Record<'sender' | 'fleet', number>>;
  close(): void;
}

export interface KeepIncidentsOptions {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  /** What is stored from now on; gives how to end it. */
  readonly onStored: (listener: (events: readonly StoredEvent[]) => void) => () => void;
  readonly senderOf: SenderOf;
  /** A bound was reached; called again as long as it is. */
  readonly onNotice?: (notice: Notice) => void;
  readonly settings?: Partial<IncidentSettings>;
  /** Called within the transaction that keeps what these events tell; again, with the same events, where it failed. */
  readonly keepBeside?: (events: readonly IncidentEvent[]) => void;
  /** A listener that threw, or a database that does not take an incident. */
  readonly onFault: (error: unknown) => void;
}

const tickMs = 1_000;
/** Events that a database that is full or failing has not taken, and that are tried again; the oldest go first. */
const maxUnkept = 1_000;

/** Reads what is known before anything new arrives; what opens by it is told with the first tick. */
export function keepIncidents(options: KeepIncidentsOptions): KeptIncidents {
  const { db, clock, onFault, senderOf } = options;
  const state = makeIncidentState(options.settings);
  const store = openIncidentStore(db);
  const listeners = new Set<(events: readonly IncidentEvent[]) => void>();
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onFault(error);
    }
  };
  let unkept: readonly IncidentEvent[] = [];
  const keep = (): void => {
    transaction(db, () => {
      for (const event of unkept) if ('incident' in event) store.keep(event.incident);
      options.keepBeside?.(unkept);
    });
    unkept = [];
  };
  const tell = (events: readonly IncidentEvent[]): void => {
    for (const notice of state.notices.splice(0)) options.onNotice?.(notice);
    unkept = [...unkept, ...events].slice(-maxUnkept);
    if (unkept.length > 0) guarded(keep);
    if (events.length === 0) return;
    for (const listener of listeners) guarded(() => listener(events));
  };
  const nowMs = clock.now();
  const { reopenMs, forgetMs } = state.settings;
  const incidents = store.since(nowMs - reopenMs);
  const sightings = latestSightings(db, nowMs - forgetMs, senderOf);
  let untold = restore(state, { incidents, sightings }, nowMs);
  const endListening = options.onStored((events) => {
    tell(events.flatMap((event) => takeStored(event)));
  });
  const takeStored = (event: StoredEvent): readonly IncidentEvent[] => {
    const { delegate: source, identity, arrival, receivedMs, timeMs, document } = event;
    const sender = senderOf(identity);
    const sighting = readSighting({ source, sender, arrival, receivedMs, timeMs }, document);
    return sighting ? step(state, { kind: 'sighting', sighting }) : [];
  };
  let cancel = clock.after(tickMs, tick);
  function tick(): void {
    cancel = clock.after(tickMs, tick);
    const opened = untold;
    untold = [];
    guarded(() => tell([...opened, ...step(state, { kind: 'tick', nowMs: clock.now() })]));
  }
  return {
    fleet: state.fleet,
    open: () => openIncidents(state),
    latest: (limit) => store.latest(limit),
    find: (id) => store.find(id),
    onEvents: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forgotten: state.forgotten,
    close: () => {
      endListening();
      cancel();
      for (const incident of openIncidents(state)) guarded(() => store.keep(incident));
    },
  };
}
