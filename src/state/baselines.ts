/** The last accepted evidence of every target, kept between the agent's lives. */
import type { Clock } from '../base/clock.ts';
import type { Baseline } from '../diagnosis/baseline.ts';
import type { OpenState } from './open-state.ts';
import { targetValues } from './target-values.ts';

export interface Baselines {
  /** Undefined when the target has never accepted us, or what is stored cannot be read. */
  get(targetKey: string): Baseline | undefined;
  /** Replaces it whole, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, baseline: Baseline): void;
}

export function baselinesIn(state: Pick<OpenState, 'db' | 'recover'>, clock: Clock): Baselines {
  const { get, put } = targetValues('baseline', state, clock);
  return {
    get: (targetKey) => {
      // A file from another version may hold something else: that is no baseline, and no reason to stop.
      const stored = get(targetKey) as Partial<Baseline> | null | undefined;
      return Array.isArray(stored?.evidence?.steps) ? (stored as Baseline) : undefined;
    },
    put,
  };
}
