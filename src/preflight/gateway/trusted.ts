/** Whether delegates take the server, in rehearsal: OpenSSL's verdict in a handshake, with the code of what is wrong. */
import type { Diagnosis } from '../../diagnosis/diagnose.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { type CheckResult, failed, passed, skipped } from '../check.ts';
import { seenInWords } from '../live.ts';
import { judgeAll, toResult } from '../preflight.ts';
import { gatewayChecks } from './gateway-checks.ts';
import type { GatewaySubject } from './gateway-subject.ts';
import { codeOf } from './path-faults.ts';

/** What the check is called that nothing explains: delegates trust the server, or do not. */
export const delegatesTrust = 'gateway-trusted-by-delegates';
const nameMismatch = 'server-certificate-name-mismatch';

/** What Node.js says of a path that is sound, and of another host. */
const otherName = 'ERR_TLS_CERT_ALTNAME_INVALID';

export function judgeTrust(
  title: string,
  evidence: Evidence,
  { cause }: Diagnosis,
  subject: GatewaySubject,
): CheckResult {
  const seen = seenInWords(evidence).filter((sentence) => sentence.startsWith('TLS '));
  const { serverAuthorized: isTrusted, serverAuthorizationError: error } = evidence.tls ?? {};
  // Without --server-name we do not know by which name delegates come.
  const isNameOpen = error === otherName && subject.serverName === undefined;
  if (isTrusted || isNameOpen) return toResult({ code: delegatesTrust, title }, passed(...seen));
  const words = [`A client with the CA of --ca refused it (${error ?? 'no handshake'}).`, ...seen];
  const why = error === undefined ? undefined : explain(error, subject);
  const { code, remedy, evidence: because } = why ?? cause ?? unexplained;
  return toResult({ code, title }, failed(remedy ?? unexplained.remedy, ...because, ...words));
}

/** In place of a handshake that is not made. */
export function noTrust(title: string, why: string): CheckResult {
  return toResult({ code: delegatesTrust, title }, skipped(why));
}

const unexplained = {
  code: delegatesTrust,
  remedy: 'Look into the certificate of the server and into the CA that delegates trust.',
  evidence: [],
} as const;

function explain(error: string, subject: GatewaySubject): CheckResult | undefined {
  const [fault] = subject.verdict?.faults ?? [];
  const code = error === otherName ? nameMismatch : fault && codeOf(fault, subject);
  const told = gatewayChecks.filter((check) => check.code === code);
  return judgeAll(told, subject).find(({ outcome }) => outcome === 'failed');
}
