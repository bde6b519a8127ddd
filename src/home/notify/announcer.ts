/** Tells others of incidents: keeps each notice with the incident it tells of, then takes it to whoever is to know. */
import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { type Random, uuidV7 } from '../../base/random.ts';
import { version } from '../../base/version.ts';
import type { NotifyConfig } from '../../config/load-notify.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import type { KeptIncidents } from '../incidents/keep-incidents.ts';
import { makeRecord } from './make-record.ts';
import {
  type Notified,
  type NotifyGround,
  notifyReceiver,
  type ReceiverCounts,
} from './notify-receiver.ts';
import { homeId, type OutboxLimits, openOutbox } from './outbox.ts';
import { receiverKey } from './receiver.ts';

export interface AnnouncerOptions
  extends Pick<NotifyGround, 'onTrouble' | 'backoff' | 'timeoutMs'> {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (error: unknown) => void;
  readonly notify?: NotifyConfig;
  /** Where people reach home, without a final slash. */
  readonly publicUrl?: string;
  readonly limits?: OutboxLimits;
}

export interface Announcer {
  /** Within the transaction that keeps the incidents. */
  keep(events: readonly IncidentEvent[]): void;
  /** Begins to tell; nothing is delivered before. */
  follow(incidents: Pick<KeptIncidents, 'onEvents' | 'open'>): void;
  /** Calls back with what is new, in order; the returned function ends it. */
  onRecords(listener: (records: readonly IncidentRecord[]) => void): () => void;
  receivers(): readonly ReceiverCounts[];
  /** How many incidents opened since the start, by who must act. */
  opened(): ReadonlyMap<string, number>;
  /** What is not delivered waits on disk. */
  close(): Promise<void>;
}

const pruneMs = 60_000;

export function openAnnouncer(options: AnnouncerOptions): Announcer {
  const { db, clock, random, notify, publicUrl, onFault } = options;
  const home = {
    name: 'sidelight',
    version,
    id: homeId(db, () => uuidV7(clock.now(), random)),
    host: hostname(),
  } as const;
  const makeNew = (event: IncidentEvent): IncidentRecord =>
    makeRecord(event, uuidV7(clock.now(), random), {
      home,
      ...(publicUrl !== undefined && { publicUrl }),
    });
  // The same event is the same record wherever it is told, and when it is kept a second time.
  const records = new WeakMap<IncidentEvent, IncidentRecord>();
  const recordOf = (event: IncidentEvent): IncidentRecord => {
    const record = records.get(event) ?? makeNew(event);
    records.set(event, record);
    return record;
  };
  const receivers = notify?.receivers ?? [];
  const outbox = openOutbox(db, receivers.map(receiverKey), options.limits);
  const listeners = new Set<(records: readonly IncidentRecord[]) => void>();
  const opened = new Map<string, number>();
  const count = (event: IncidentEvent): void => {
    if (event.kind !== 'opened') return;
    const { side = 'unknown' } = event.incident;
    opened.set(side, (opened.get(side) ?? 0) + 1);
  };
  let notified: readonly Notified[] = [];
  let endFollowing = (): void => {};
  let cancel = (): void => {};
  /** By receiver, how many it will never get. */
  const dropOld = (): ReadonlyMap<string, number> => {
    try {
      return outbox.prune(clock.now());
    } catch (error) {
      onFault(error);
      return new Map();
    }
  };
  const lose = (lost: ReadonlyMap<string, number>): void => {
    for (const one of notified) one.lose(lost.get(one.key) ?? 0);
    cancel = clock.after(pruneMs, () => lose(dropOld()));
  };
  return {
    keep: (events) => {
      if (receivers.length === 0) return;
      for (const event of events) outbox.add(recordOf(event), clock.now());
      // They look once this is committed, for until then nobody else has a turn.
      for (const one of notified) one.wake();
    },
    follow: (incidents) => {
      const open = (): readonly IncidentRecord[] =>
        incidents
          .open()
          .map((incident) =>
            makeNew({ kind: 'updated', atMs: clock.now(), incident, what: 'still' }),
          );
      // What waited too long while home was away is not told.
      const lost = dropOld();
      notified = receivers.map((receiver) =>
        notifyReceiver(receiver, { ...options, ...notify, outbox, open }),
      );
      lose(lost);
      endFollowing = incidents.onEvents((events) => {
        for (const event of events) count(event);
        if (listeners.size === 0) return;
        const told = events.map(recordOf);
        for (const listener of listeners) listener(told);
      });
    },
    onRecords: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    opened: () => opened,
    receivers: () => notified.map((one) => one.counts()),
    close: async () => {
      endFollowing();
      cancel();
      await Promise.all(notified.map((one) => one.close()));
    },
  };
}
