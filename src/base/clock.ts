/** Time, as something that is handed in: the one file that reads the machine's clocks and sets timers. */

export interface Clock {
  /** Wall clock, in milliseconds since 1970-01-01 UTC. May step back and forth. */
  now(): number;
  /** Monotonic clock, in milliseconds with fractions. Only differences mean anything. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; resolves early, without an error, when `signal` is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `delayMs`. The returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(): its first use loads a module of Node's, which takes a millisecond.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      signal?.addEventListener('abort', done, { once: true });
    }),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** How far from 1970 a time can be (ECMA-262 section 21.4.1.1). */
const furthestMs = 8.64e15;

/**
 * Milliseconds since 1970 as RFC 3339 text in UTC with milliseconds, the one way times are written. What a stranger's
 * figures put beyond all time becomes the furthest there is.
 */
export function isoTime(epochMs: number): string {
  return new Date(Math.max(-furthestMs, Math.min(epochMs, furthestMs))).toISOString();
}

/**
 * Milliseconds since 1970 of RFC 3339 text or an HTTP date (RFC 9110 section 5.6.7); undefined for anything else.
 * Lenient forms that `Date.parse` knows besides (`1 Jan`, a bare year) are not times here.
 */
export function parseTime(text: string): number | undefined {
  if (!rfc3339.test(text) && !httpDate.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
