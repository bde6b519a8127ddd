/** Why a gateway with this client CA refuses a certificate: the check that tells the first fault of its path. */
import type { CheckResult } from '../check.ts';
import { clientChecks } from '../client/client-checks.ts';
import type { ClientSubject } from '../client/client-subject.ts';
import { codeOf } from '../client/path-faults.ts';
import { certificateUnparsable } from '../client/pem.ts';
import { keyTypeUnusable } from '../client/strength.ts';
import { judgeAll } from '../preflight.ts';

/** Undefined when nothing in it explains a refusal: OpenSSL accepts the path, and the key can sign. */
export function explainRefusal(subject: ClientSubject): CheckResult | undefined {
  const [fault] = subject.verdict?.faults ?? [];
  const code = fault && codeOf(fault, subject);
  const told = clientChecks.filter((check) => check.code === code);
  const checks = [certificateUnparsable, ...told, keyTypeUnusable];
  return judgeAll(checks, subject).find(({ outcome }) => outcome === 'failed');
}
