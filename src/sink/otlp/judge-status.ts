/** What a Collector's answer means: OTLP 1.x, section OTLP/HTTP Response, and nothing else. */
import type { Later, Refused } from '../delivery/carrier.ts';
import { type Trouble, troubleOfStatus } from '../delivery/trouble.ts';

/** All that OTLP allows to be sent again. */
const retryable = [429, 502, 503, 504];

/**
 * Undefined: taken. 401 and 403 keep the batch until our credential is another, which makes it another request; so do the
 * parts of a batch that was too large (413), which is never sent again as it was. A redirect is not followed.
 */
export function judgeOtlpStatus(
  status: number,
  retryAfterMs: number | undefined,
): Later | Refused | undefined {
  if (status >= 200 && status < 300) return undefined;
  const trouble = troubleOfStatus(status);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (retryable.includes(status) || status < 400) return { verdict: 'retry', trouble, ...wait };
  if (status === 401 || status === 403) return { verdict: 'pause', trouble, ...wait };
  const verdict = refusals[status] ?? 'set-aside';
  return { verdict, trouble: refusedForGood(trouble), reason: `http-${status}` };
}

/** 408 and 500 are for later on the way home, and final here: no code may promise what OTLP forbids. */
function refusedForGood(trouble: Trouble): Trouble {
  const isForLater = trouble.code === 'server-error' || trouble.code === 'timeout';
  return isForLater ? { ...trouble, code: 'reports-refused' } : trouble;
}

const refusals: Readonly<Record<number, Refused['verdict']>> = { 410: 'stop', 413: 'split' };
