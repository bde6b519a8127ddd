/** Incidents in home's database, and what it takes to know the fleet again after a restart. */
import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from './incident.ts';
import { readSighting } from './read-sighting.ts';
import type { SenderSeen, Sighting } from './sighting.ts';

const maxIncidents = 10_000;

export interface IncidentStore {
  /** As it was told last. */
  keep(incident: Incident): void;
  /** Open ones, and those that were closed at this time or later; the oldest first. */
  since(closedMs: number): readonly Incident[];
  /** The latest, the newest first. */
  latest(limit: number): readonly Incident[];
  find(id: string): Incident | undefined;
}

export function openIncidentStore(db: DatabaseSync): IncidentStore {
  const upsert = db.prepare(
    `INSERT INTO incident (id, state, kind, target, cause, opened_ms, closed_ms, incident)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state,
       cause = excluded.cause, closed_ms = excluded.closed_ms, incident = excluded.incident`,
  );
  const prune = db.prepare(
    `DELETE FROM incident WHERE state = 'closed' AND opened_ms < (
       SELECT opened_ms FROM incident ORDER BY opened_ms DESC LIMIT 1 OFFSET ?)`,
  );
  const since = db.prepare(
    `SELECT incident FROM incident WHERE state = 'open' OR closed_ms >= ? ORDER BY opened_ms`,
  );
  const latest = db.prepare('SELECT incident FROM incident ORDER BY opened_ms DESC LIMIT ?');
  const find = db.prepare('SELECT incident FROM incident WHERE id = ?');
  return {
    keep: (incident) => {
      const { id, state, kind, target, signature, openedMs, closedMs } = incident;
      const text = JSON.stringify(incident);
      upsert.run(id, state, kind, target, signature.cause, openedMs, closedMs ?? null, text);
      if (incident.timeline.length === 1) prune.run(maxIncidents);
    },
    since: (closedMs) => since.all(closedMs).map(parse),
    latest: (limit) => latest.all(limit).map(parse),
    find: (id) => {
      const row = find.get(id);
      return row && parse(row);
    },
  };
}

/** What stands there is what `keep` wrote. */
function parse(row: Readonly<Record<string, unknown>>): Incident {
  return JSON.parse(String(row['incident'])) as Incident;
}

/** What is known of a sender by its identity. */
export type SenderOf = (identity: string) => SenderSeen;

/** Two are enough to know a rhythm. */
const latestOfTarget = 2;
const latestOfDelegate = 16;

/** Of each delegate the last words about each of its targets, in the order of arrival. */
export function latestSightings(
  db: DatabaseSync,
  sinceMs: number,
  senderOf: SenderOf,
): readonly Sighting[] {
  // Steps from one delegate to the next along the index: the events of all time are not read.
  const delegates = db.prepare(
    `WITH RECURSIVE delegates (delegate) AS (
       SELECT min(delegate) FROM event
       UNION ALL
       SELECT (SELECT min(event.delegate) FROM event WHERE event.delegate > delegates.delegate)
       FROM delegates WHERE delegates.delegate IS NOT NULL
     ) SELECT delegate FROM delegates WHERE delegate IS NOT NULL`,
  );
  const recent = db.prepare(
    'SELECT arrival, target, received_ms FROM event WHERE delegate = ? ORDER BY arrival DESC LIMIT ?',
  );
  const whole = db.prepare(
    `SELECT time_ms, received_ms, report, event.source, owner FROM event LEFT JOIN source USING (source)
     WHERE arrival = ?`,
  );
  const sightings: Sighting[] = [];
  for (const { delegate } of delegates.iterate()) {
    const source = String(delegate);
    for (const arrival of chosen(recent.all(source, latestOfDelegate), sinceMs)) {
      const row = whole.get(arrival);
      if (!row) continue;
      const receivedMs = Number(row['received_ms']);
      const own = String(row['source']);
      // See `source-owners.ts`: who is not the owner stands before the source.
      const identity = own === source ? String(row['owner']) : source.slice(0, -own.length - 1);
      const sender = senderOf(identity);
      const timeMs = Number(row['time_ms']);
      const stored = { source, sender, arrival, receivedMs, timeMs };
      const sighting = readSighting(stored, parseReport(row['report']));
      if (sighting) sightings.push(sighting);
    }
  }
  return sightings.toSorted((one, other) => one.arrival - other.arrival);
}

function chosen(
  rows: readonly Readonly<Record<string, unknown>>[],
  sinceMs: number,
): readonly number[] {
  const counts = new Map<unknown, number>();
  return rows.flatMap(({ arrival, target, received_ms: receivedMs }) => {
    const count = (counts.get(target) ?? 0) + 1;
    counts.set(target, count);
    const isWanted = count <= latestOfTarget && Number(receivedMs) >= sinceMs;
    return isWanted ? [Number(arrival)] : [];
  });
}

function parseReport(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
