/** What a step gives: its value and facts, or how it failed. What the network did is returned, never thrown. */
import { errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import type { Step, StepError } from '../evidence/evidence.ts';

export type StepFacts = Pick<Step, 'host' | 'port' | 'addresses' | 'address' | 'failedAddresses'>;

export type StepResult<Value> = (
  | { readonly passed: true; readonly value: Value }
  | { readonly passed: false; readonly error: StepError }
) & { readonly facts?: StepFacts };

export function passed<Value>(value: Value, facts?: StepFacts): StepResult<Value> {
  return { passed: true, value, ...(facts && { facts }) };
}

export function failed(error: StepError, facts?: StepFacts): StepResult<never> {
  return { passed: false, error, ...(facts && { facts }) };
}

export const timedOut: StepError = { code: 'TIMEOUT' };

/** The part of an error that is fit for evidence: codes, never text. */
export function stepError(error: unknown): StepError {
  const syscall = (error as { syscall?: unknown } | null)?.syscall;
  return { code: errorCode(error), ...(typeof syscall === 'string' && { syscall }) };
}

/** How long work has, once its signal is aborted, to say what it saw. */
const lastWordsMs = 50;

/**
 * Runs `work` with a signal that is aborted at the deadline or with `parent`. Work answers an abort with
 * the facts that it has; work that cannot (getaddrinfo) is abandoned, and the result is a bare timeout.
 * What `stalledMs` grows by meanwhile is added to the deadline, once and at most doubling it: a timer that comes late
 * comes before the octets that have long arrived, and time in which we were not there is nobody else's delay.
 */
export async function withinDeadline<Value>(
  clock: Clock,
  deadlineMs: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<StepResult<Value>>,
  stalledMs: () => number = () => 0,
): Promise<StepResult<Value>> {
  const stalledBeforeMs = stalledMs();
  const controller = new AbortController();
  let cancelLastWords = (): void => {};
  let abandon = (_result: StepResult<never>): void => {};
  const abandoned = new Promise<StepResult<never>>((resolve) => {
    abandon = resolve;
  });
  const abort = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    cancelLastWords = clock.after(lastWordsMs, () => abandon(failed(timedOut)));
  };
  const expire = (): void => {
    const creditMs = Math.min(stalledMs() - stalledBeforeMs, deadlineMs);
    if (creditMs > 0) cancelDeadline = clock.after(creditMs, abort);
    else abort();
  };
  let cancelDeadline = clock.after(deadlineMs, expire);
  parent.addEventListener('abort', abort, { once: true });
  if (parent.aborted) abort();
  try {
    return await Promise.race([work(controller.signal), abandoned]);
  } finally {
    cancelDeadline();
    cancelLastWords();
    parent.removeEventListener('abort', abort);
  }
}
