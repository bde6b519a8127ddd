/** When to look again, as a pure reducer over what the last attempt came to. */
import { fullJitter, respectRetryAfter, retryDefaults } from './backoff.ts';

/** What an attempt came to, as far as retrying cares. */
export type AttemptClass =
  /** Proven acceptance; `heldMs` is how long it has held without a break, 0 for the first time. */
  | { readonly kind: 'accepted'; readonly heldMs: number }
  /** The gateway looked at who we are and refused. */
  | { readonly kind: 'refused' }
  /** It never got that far, or nothing was proven. */
  | { readonly kind: 'failed' }
  /** Our own files cannot be used; no network attempt was made. */
  | { readonly kind: 'local-fault' }
  /** HTTP 429 or 503; `retryAfterMs` is what the peer asked for. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs?: number };

export interface RetryState {
  /** Attempts that did not end in acceptance, since acceptance last held long enough. */
  readonly failures: number;
}

export const initialRetryState: RetryState = { failures: 0 };

export interface NextDelay {
  readonly state: RetryState;
  readonly delayMs: number;
}

/**
 * `intervalMs` is the steady interval between looks at a target that accepts us; `fraction` is uniform over [0, 1).
 * Acceptance that has not held yet keeps the count, so a flapping gateway is not met with the first, short delays.
 */
export function nextDelay(
  state: RetryState,
  attempt: AttemptClass,
  intervalMs: number,
  fraction: number,
): NextDelay {
  const failures = state.failures + 1;
  switch (attempt.kind) {
    case 'accepted': {
      const held = attempt.heldMs >= retryDefaults.resetAfterMs;
      return { state: held ? initialRetryState : state, delayMs: intervalMs };
    }
    case 'local-fault':
      return { state, delayMs: retryDefaults.localFaultMs };
    case 'refused':
      return {
        state: { failures },
        delayMs: fullJitter(retryDefaults.refusal, failures, fraction),
      };
    case 'failed':
      return { state: { failures }, delayMs: fullJitter(retryDefaults.probe, failures, fraction) };
    case 'overloaded': {
      const ownMs = fullJitter(retryDefaults.probe, failures, fraction);
      return {
        state: { failures },
        delayMs: respectRetryAfter(ownMs, attempt.retryAfterMs, fraction),
      };
    }
  }
}
