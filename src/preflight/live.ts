/** A handshake with a gateway, live or in rehearsal, as a check: accepted, or the cause with its code. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type CheckResult, failed, passed, skipped } from './check.ts';
import { toResult } from './preflight.ts';

/** What a check is called that no cause explains: the gateway took the client, or did not. */
export const acceptsClient = 'gateway-accepts-client';

/** `title` says what is so when the client is accepted. */
export function judgeHandshake(
  title: string,
  evidence: Evidence,
  { outcome, cause, warnings }: Diagnosis,
): CheckResult {
  const seen = seenInWords(evidence);
  if (outcome === 'accepted') {
    const mind = warnings.map((each) => `${each.title}: ${each.evidence} (${each.code})`);
    return toResult({ code: acceptsClient, title }, passed(...seen, ...mind));
  }
  const code = cause?.code ?? acceptsClient;
  const remedy =
    cause?.remedy ?? 'Look again with sidelight check, and send its report to support.';
  const why = cause ? [`${cause.title} (${cause.confidence}).`, ...cause.evidence] : [];
  return toResult({ code, title }, failed(remedy, ...why, ...seen));
}

/** In place of a handshake that is not made. */
export function noHandshake(title: string, ...why: readonly string[]): CheckResult {
  return toResult({ code: acceptsClient, title }, skipped(...why));
}

export function seenInWords({ tls, http, alerts }: Evidence): readonly string[] {
  const fatal = alerts.find(({ level }) => level === 'fatal');
  return [
    ...(tls?.version === undefined ? [] : [`TLS ${tls.version}.`]),
    ...(http?.status === undefined ? [] : [`HTTP ${http.status}.`]),
    ...(fatal ? [`Alert ${fatal.code} (${fatal.description}), ${fatal.direction}.`] : []),
  ];
}
