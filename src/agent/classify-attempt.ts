/** What an attempt came to, as far as retrying cares. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { AttemptClass } from '../retry/decide-delay.ts';

/** `heldMs`: for how long acceptance has held without a break. */
export function classifyAttempt(
  { http, websocket }: Evidence,
  { outcome, layer }: Diagnosis,
  heldMs: number,
): AttemptClass {
  if (outcome === 'accepted') return { kind: 'accepted', heldMs };
  if (outcome === 'rejected') return { kind: 'refused' };
  if (layer === 'local') return { kind: 'local-fault' };
  const answer = http ?? websocket?.http;
  if (answer?.status !== 429 && answer?.status !== 503) return { kind: 'failed' };
  const { retryAfterMs } = answer;
  return { kind: 'overloaded', ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
