/** The last accepted evidence of every target, kept between the agent's lives. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import type { Baseline } from '../diagnosis/baseline.ts';

export interface Baselines {
  /** Undefined when the target has never accepted us, or what is stored cannot be read. */
  get(targetKey: string): Baseline | undefined;
  /** Replaces it whole, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, baseline: Baseline): void;
}

/** More than any configuration has targets: what targets of the past leave behind stays bounded. */
const maxBaselines = 1_000;

export function baselinesIn(db: DatabaseSync, clock: Clock): Baselines {
  const select = db.prepare('SELECT value FROM baseline WHERE target = ?');
  const upsert = db.prepare(
    'INSERT INTO baseline (target, written_ms, value) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE SET written_ms = excluded.written_ms, value = excluded.value',
  );
  const prune = db.prepare(
    'DELETE FROM baseline WHERE target IN (SELECT target FROM baseline ORDER BY written_ms DESC LIMIT -1 OFFSET ?)',
  );
  return {
    get: (targetKey) => parse(select.get(targetKey)?.['value']),
    put: (targetKey, baseline) => {
      upsert.run(targetKey, Math.trunc(clock.now()), JSON.stringify(baseline));
      prune.run(maxBaselines);
    },
  };
}

/** A file from another version may hold something else: that is no baseline, and no reason to stop. */
function parse(value: unknown): Baseline | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const stored = JSON.parse(value) as Partial<Baseline> | null;
    return Array.isArray(stored?.evidence?.steps) ? (stored as Baseline) : undefined;
  } catch {
    return undefined;
  }
}
