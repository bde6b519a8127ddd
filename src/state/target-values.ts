/** One value of each target, as JSON in a table of its own, kept between the agent's lives. */
import type { Clock } from '../base/clock.ts';
import { isStorageFault } from './open-database.ts';
import type { OpenState } from './open-state.ts';

export interface TargetValues {
  /** Undefined when there is none, or what is stored cannot be read. */
  get(targetKey: string): unknown;
  /** Replaces it whole, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, value: unknown): void;
}

/** More than any configuration has targets: what targets of the past leave behind stays bounded. */
const maxTargets = 1_000;

/** Asks for the database each time: a damaged one is replaced while the agent runs. */
export function targetValues(
  table: 'baseline' | 'warned',
  state: Pick<OpenState, 'db' | 'recover'>,
  clock: Pick<Clock, 'now'>,
): TargetValues {
  const select = `SELECT value FROM ${table} WHERE target = ?`;
  const upsert = `INSERT INTO ${table} (target, written_ms, value) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE SET written_ms = excluded.written_ms, value = excluded.value`;
  const prune = `DELETE FROM ${table} WHERE target IN (SELECT target FROM ${table} ORDER BY written_ms DESC LIMIT -1 OFFSET ?)`;
  const write = (targetKey: string, value: string): void => {
    state.db.prepare(upsert).run(targetKey, Math.trunc(clock.now()), value);
    state.db.prepare(prune).run(maxTargets);
  };
  return {
    get: (targetKey) => {
      try {
        return parse(state.db.prepare(select).get(targetKey)?.['value']);
      } catch (error) {
        if (!state.recover(error) && !isStorageFault(error)) throw error;
        return undefined;
      }
    },
    put: (targetKey, value) => {
      const text = JSON.stringify(value);
      try {
        write(targetKey, text);
      } catch (error) {
        if (!state.recover(error)) throw error;
        write(targetKey, text);
      }
    },
  };
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
