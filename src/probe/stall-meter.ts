/** Measures for how long this process does not run: stopped, starved of CPU, or busy with work of its own. */
import type { Clock } from '../base/clock.ts';

export interface StallMeter {
  /** Milliseconds since the beginning in which nothing was answered, however the peers did. */
  stalledMs(): number;
  /** To be called when it no longer matters. */
  stop(): void;
}

const tickMs = 100;
/** A tick that is less late than this is usual on a busy machine. */
const leastLateMs = 100;

/** By a timer that should come every 100 ms: what it is late, we were not there. */
export function meterStalls(clock: Clock): StallMeter {
  let totalMs = 0;
  let dueMs = 0;
  let cancel = (): void => {};
  const lateMs = (): number => {
    const late = clock.monotonicMs() - dueMs;
    return late >= leastLateMs ? late : 0;
  };
  const begin = (): void => {
    dueMs = clock.monotonicMs() + tickMs;
    cancel = clock.after(tickMs, () => {
      totalMs += lateMs();
      begin();
    });
  };
  begin();
  return { stalledMs: () => totalMs + lateMs(), stop: () => cancel() };
}
