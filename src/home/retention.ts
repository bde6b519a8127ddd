/** Forgets the oldest reports, by age and by the size of the database, in steps so small that nobody waits for them. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import { transaction } from '../state/open-database.ts';

export interface Keep {
  /** Since they arrived. */
  readonly ageMs?: number;
  /** Of the database's pages in use; the log beside it (some MB) and free pages come on top. */
  readonly octets?: number;
}

interface Ground {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Deleted at once: a few milliseconds. */
const mostInStep = 64;
/** Pages given back to the file system at once. */
const pagesInStep = 256;
const pauseMs = { whenBehind: 15, whenDone: 1_000 } as const;

/** Until the returned function is called. */
export function keepWithin(keep: Keep, { db, clock, onFault }: Ground): () => void {
  const step = prepareStep(keep, db);
  let cancel = clock.after(pauseMs.whenDone, run);
  function run(): void {
    let isBehind = false;
    try {
      isBehind = step(clock.now());
    } catch (error) {
      onFault(error);
    }
    cancel = clock.after(isBehind ? pauseMs.whenBehind : pauseMs.whenDone, run);
  }
  return () => cancel();
}

/** Says whether there is more to do. */
function prepareStep(keep: Keep, db: DatabaseSync): (nowMs: number) => boolean {
  const oldest = db.prepare('SELECT min(arrival) AS arrival FROM event');
  const expired = db.prepare(
    'SELECT max(arrival) AS arrival FROM (SELECT arrival, received_ms FROM event ORDER BY arrival LIMIT ?) WHERE received_ms < ?',
  );
  const remove = db.prepare('DELETE FROM event WHERE arrival <= ?');
  const lastExpired = (nowMs: number): number => {
    if (keep.ageMs === undefined) return 0;
    return Number(expired.get(mostInStep, nowMs - keep.ageMs)?.['arrival'] ?? 0);
  };
  const lastTooMany = (): number => {
    if (keep.octets === undefined || usedOctets(db) <= keep.octets) return 0;
    const first = Number(oldest.get()?.['arrival'] ?? 0);
    return first === 0 ? 0 : first + mostInStep - 1;
  };
  return (nowMs) => {
    const last = Math.max(lastExpired(nowMs), lastTooMany());
    if (last > 0) transaction(db, () => remove.run(last));
    if (pragma(db, 'freelist_count') > pagesInStep) {
      db.exec(`PRAGMA incremental_vacuum(${pagesInStep})`);
      return true;
    }
    return last > 0;
  };
}

/** Of the database without its free pages. */
export function usedOctets(db: DatabaseSync): number {
  return (pragma(db, 'page_count') - pragma(db, 'freelist_count')) * pragma(db, 'page_size');
}

function pragma(db: DatabaseSync, name: 'page_count' | 'freelist_count' | 'page_size'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
