/** What is known of a target over time, as a pure reducer: which look is news, and which only repeats. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Warning } from '../diagnosis/warning.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Attempt } from '../report/report.ts';

export interface TargetState {
  readonly attempts: number;
  /** What the last report said, as a key; absent before the first. */
  readonly said?: string;
  readonly saidAtMs: number;
  /** Looks since the last report that said the same. */
  readonly repeats: number;
  readonly failingSince?: string;
  /** When acceptance began that has held since. */
  readonly acceptedSinceMs?: number;
  /** The warnings that were reported as news and have stood since, and every step to an expiry that ever was. */
  readonly warned: readonly string[];
}

export const initialTargetState: TargetState = {
  attempts: 0,
  saidAtMs: 0,
  repeats: 0,
  warned: [],
};

export interface Observed {
  readonly state: TargetState;
  /** Why this look is reported; absent when it is only counted. */
  readonly event?: 'state-changed' | 'heartbeat';
  readonly attempt: Attempt;
}

/** `nowMs` is a monotonic time. */
export function observe(
  state: TargetState,
  evidence: Evidence,
  diagnosis: Diagnosis,
  nowMs: number,
  heartbeatMs: number,
): Observed {
  const accepted = diagnosis.outcome === 'accepted';
  const said = essence(evidence, diagnosis);
  const warnings = warningNews(state, said, diagnosis);
  const event = eventOf(state, said, warnings.fresh, nowMs, heartbeatMs);
  const failingSince = accepted ? undefined : (state.failingSince ?? evidence.time);
  const failedSince = accepted ? state.failingSince : undefined;
  const attempts = state.attempts + 1;
  return {
    state: {
      attempts,
      said,
      saidAtMs: event ? nowMs : state.saidAtMs,
      repeats: event ? 0 : state.repeats + 1,
      warned: warnings.warned,
      ...(failingSince !== undefined && { failingSince }),
      ...(accepted && { acceptedSinceMs: state.acceptedSinceMs ?? nowMs }),
    },
    ...(event && { event }),
    attempt: {
      number: attempts,
      ...(failingSince !== undefined && { failingSince }),
      ...(failedSince !== undefined && { failedSince }),
      ...(warnings.fresh.length > 0 && { newWarnings: warnings.fresh }),
      repeats: state.repeats,
    },
  };
}

function eventOf(
  state: TargetState,
  said: string,
  freshWarnings: readonly string[],
  nowMs: number,
  heartbeatMs: number,
) {
  if (said !== state.said || freshWarnings.length > 0) return 'state-changed';
  return nowMs - state.saidAtMs >= heartbeatMs ? 'heartbeat' : undefined;
}

/**
 * Warnings are news of their own, so they wait for a look that has no other; while the gateway does not accept us they
 * are none, for then the cause matters, and such a look may not have seen what they rest on. One that went away and came
 * back is news again; but a certificate comes to each step nearer to its end once.
 */
function warningNews(
  state: TargetState,
  said: string,
  { outcome, warnings }: Diagnosis,
): { readonly warned: readonly string[]; readonly fresh: readonly string[] } {
  if (outcome !== 'accepted') return { warned: state.warned, fresh: [] };
  const present = new Map(warnings.map((warning) => [newsKey(warning), warning.code]));
  const stood = state.warned.filter((key) => present.has(key));
  const past = state.warned.filter((key) => !present.has(key) && isStep(key)).slice(-maxPast);
  if (said !== state.said) return { warned: [...past, ...stood], fresh: [] };
  const fresh = [...present].filter(([key]) => !state.warned.includes(key)).map(([, code]) => code);
  return { warned: [...past, ...present.keys()], fresh: [...new Set(fresh)] };
}

/** More steps than the certificates of one target have. */
const maxPast = 256;

function newsKey({ code, threshold, certificateSha256 }: Warning): string {
  return threshold === undefined ? code : `${code} ${threshold} ${certificateSha256}`;
}

function isStep(key: string): boolean {
  return key.includes(' ');
}

/** What makes two looks say the same: conclusion, alerts, and the identities of both peers. */
function essence({ alerts, tls, clientCertificate }: Evidence, diagnosis: Diagnosis): string {
  const fatal = alerts.filter(({ code }) => code !== 0);
  return JSON.stringify([
    diagnosis.outcome,
    diagnosis.layer,
    diagnosis.cause?.code,
    fatal.map(({ direction, code }) => [direction, code]),
    tls?.serverCertificates?.[0]?.sha256,
    tls?.certificateAuthoritiesSha256,
    clientCertificate?.sha256,
  ]);
}
