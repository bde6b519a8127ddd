/** The preflight of a credential that an agent is about to use: what did not pass, as it stands in a report. */
import { sanitise } from '../../base/sanitise.ts';
import type { Credential } from '../../credential/credential.ts';
import type { DelegateSeen } from '../../evidence/evidence.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { clientChecks } from '../../preflight/client/client-checks.ts';
import { toClientSubject } from '../../preflight/client/client-subject.ts';
import { judgeAll } from '../../preflight/preflight.ts';
import type { PreflightFinding, PreflightFindings } from '../../report/report.ts';
import type { Ports } from '../ports.ts';
import { clientFacts, type JudgedBy } from './client-facts.ts';

/** Undefined when every check passed or was skipped. */
export function findFaults(
  credential: Credential,
  judgedBy: JudgedBy,
  delegate: DelegateSeen | undefined,
  ports: Pick<Ports, 'clock' | 'uid'>,
): PreflightFindings | undefined {
  const facts = clientFacts(credential, judgedBy, delegate, ports);
  const checks = judgeAll(clientChecks, toClientSubject(facts)).flatMap(toFinding);
  if (checks.length === 0) return undefined;
  const { clientCertificate } = credential;
  return { ...(clientCertificate && { clientCertificate }), checks };
}

/** Names of certificates and files stand in the sentences. */
function toFinding(result: CheckResult): readonly PreflightFinding[] {
  const { code, outcome, title, evidence, remedy } = result;
  if (outcome !== 'failed' && outcome !== 'warning') return [];
  const sentences = evidence.map((each) => sanitise(each, maxSentence));
  return [
    { code, outcome, title, evidence: sentences, remedy: sanitise(remedy ?? '', maxSentence) },
  ];
}

const maxSentence = 1024;
