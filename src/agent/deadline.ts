/** A signal that is aborted after a while, or together with another. */
import type { Clock } from '../base/clock.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** To be called when the time no longer matters. */
  readonly release: () => void;
}

export function startDeadline(clock: Clock, delayMs: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const cancel = clock.after(delayMs, abort);
  parent.addEventListener('abort', abort, { once: true });
  if (parent.aborted) abort();
  return {
    signal: controller.signal,
    release: () => {
      cancel();
      parent.removeEventListener('abort', abort);
    },
  };
}
