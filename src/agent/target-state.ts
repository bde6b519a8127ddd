/** What is known of a target over time, as a pure reducer: which look is news, and which only repeats. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
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
}

export const initialTargetState: TargetState = { attempts: 0, saidAtMs: 0, repeats: 0 };

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
  const event = eventOf(state, said, nowMs, heartbeatMs);
  const failingSince = accepted ? undefined : (state.failingSince ?? evidence.time);
  const attempts = state.attempts + 1;
  return {
    state: {
      attempts,
      said,
      saidAtMs: event ? nowMs : state.saidAtMs,
      repeats: event ? 0 : state.repeats + 1,
      ...(failingSince !== undefined && { failingSince }),
      ...(accepted && { acceptedSinceMs: state.acceptedSinceMs ?? nowMs }),
    },
    ...(event && { event }),
    attempt: {
      number: attempts,
      ...(failingSince !== undefined && { failingSince }),
      repeats: state.repeats,
    },
  };
}

function eventOf(state: TargetState, said: string, nowMs: number, heartbeatMs: number) {
  if (said !== state.said) return 'state-changed';
  return nowMs - state.saidAtMs >= heartbeatMs ? 'heartbeat' : undefined;
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
