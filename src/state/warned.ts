/** Which warnings about every target were told as news, kept between the agent's lives. */
import type { Clock } from '../base/clock.ts';
import type { OpenState } from './open-state.ts';
import { targetValues } from './target-values.ts';

export interface Warned {
  /** Empty when nothing was told, or what is stored cannot be read. */
  get(targetKey: string): readonly string[];
  /** Replaces all of a target, durably. Throws what the database throws (a full disk). */
  put(targetKey: string, keys: readonly string[]): void;
}

export function warnedIn(
  state: Pick<OpenState, 'db' | 'recover'>,
  clock: Pick<Clock, 'now'>,
): Warned {
  const { get, put } = targetValues('warned', state, clock);
  return {
    get: (targetKey) => {
      const stored = get(targetKey);
      // A file from another version may hold something else: then all is told again.
      return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : [];
    },
    put,
  };
}
