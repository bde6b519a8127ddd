/** Which warnings about every target were told as news, kept between the agent's lives. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';

export interface Warned {
  /** Empty when nothing was told, or what is stored cannot be read. */
  get(targetKey: string): readonly string[];
  /** Replaces all of a target, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, keys: readonly string[]): void;
}

/** As many as there are baselines. */
const maxTargets = 1_000;

export function warnedIn(db: DatabaseSync, clock: Pick<Clock, 'now'>): Warned {
  const select = db.prepare('SELECT value FROM warned WHERE target = ?');
  const upsert = db.prepare(
    'INSERT INTO warned (target, written_ms, value) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE SET written_ms = excluded.written_ms, value = excluded.value',
  );
  const prune = db.prepare(
    'DELETE FROM warned WHERE target IN (SELECT target FROM warned ORDER BY written_ms DESC LIMIT -1 OFFSET ?)',
  );
  return {
    get: (targetKey) => parse(select.get(targetKey)?.['value']),
    put: (targetKey, keys) => {
      upsert.run(targetKey, Math.trunc(clock.now()), JSON.stringify(keys));
      prune.run(maxTargets);
    },
  };
}

/** A file from another version may hold something else: then all is told again. */
function parse(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  try {
    const stored: unknown = JSON.parse(value);
    return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}
