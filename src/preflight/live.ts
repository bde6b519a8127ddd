/** A handshake with a gateway, live or in rehearsal, as a check: accepted, or the cause with its code. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type CheckResult, failed, passed, skipped, warned } from './check.ts';
import { findDoubt } from './doubt.ts';
import { isCause, toResult } from './preflight.ts';

/** What a check is called that no cause explains: the gateway took the client, or did not. */
export const acceptsClient = 'gateway-accepts-client';

/** `title` says what is so when the client is accepted, which is a warning where that proves nothing. */
export function judgeHandshake(
  title: string,
  evidence: Evidence,
  diagnosis: Diagnosis,
): CheckResult {
  const { outcome, cause } = diagnosis;
  if (outcome === 'accepted') return judgeAccepted(title, evidence, diagnosis);
  const seen = seenInWords(evidence);
  const code = cause?.code ?? acceptsClient;
  const remedy =
    cause?.remedy ?? 'Look again with sidelight check, and send its report to support.';
  const why = cause ? [`${cause.title} (${cause.confidence}).`, ...cause.evidence] : [];
  return toResult({ code, title }, failed(remedy, ...why, ...seen));
}

function judgeAccepted(title: string, evidence: Evidence, { warnings }: Diagnosis): CheckResult {
  const seen = seenInWords(evidence);
  const doubt = findDoubt(evidence, { warnings });
  const mind = warnings
    .filter(({ code }) => code !== doubt?.code)
    .map((each) => `${each.title}: ${each.evidence} (${each.code})`);
  if (!doubt) return toResult({ code: acceptsClient, title }, passed(...seen, ...mind));
  const code = isCause(doubt.code) ? doubt.code : acceptsClient;
  return toResult({ code, title }, warned(doubt.remedy, doubt.why, ...seen, ...mind));
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
