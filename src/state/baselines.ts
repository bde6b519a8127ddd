/** The last accepted evidence of every target, kept between the agent's lives. */
import type { Clock } from '../base/clock.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import { isStorageFault } from './open-database.ts';
import type { OpenState } from './open-state.ts';

export interface Baselines {
  /** Undefined when the target has never accepted us, or what is stored cannot be read. */
  get(targetKey: string): Baseline | undefined;
  /** Replaces it whole, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, baseline: Baseline): void;
}

/** More than any configuration has targets: what targets of the past leave behind stays bounded. */
const maxBaselines = 1_000;

const sql = {
  select: 'SELECT value FROM baseline WHERE target = ?',
  upsert:
    'INSERT INTO baseline (target, written_ms, value) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE SET written_ms = excluded.written_ms, value = excluded.value',
  prune:
    'DELETE FROM baseline WHERE target IN (SELECT target FROM baseline ORDER BY written_ms DESC LIMIT -1 OFFSET ?)',
} as const;

/** Asks for the database each time: a damaged one is replaced while the agent runs. */
export function baselinesIn(state: Pick<OpenState, 'db' | 'recover'>, clock: Clock): Baselines {
  const put: Baselines['put'] = (targetKey, baseline) => {
    const value = JSON.stringify(baseline);
    state.db.prepare(sql.upsert).run(targetKey, Math.trunc(clock.now()), value);
    state.db.prepare(sql.prune).run(maxBaselines);
  };
  return {
    get: (targetKey) => {
      try {
        return parse(state.db.prepare(sql.select).get(targetKey)?.['value']);
      } catch (error) {
        if (!state.recover(error) && !isStorageFault(error)) throw error;
        return undefined;
      }
    },
    put: (targetKey, baseline) => {
      try {
        put(targetKey, baseline);
      } catch (error) {
        if (!state.recover(error)) throw error;
        put(targetKey, baseline);
      }
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
