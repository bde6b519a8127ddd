/** What came of a sample client, in rehearsal or by its path alone, as a check. */
import type { Evidence } from '../../evidence/evidence.ts';
import { type CheckResult, failed, passed } from '../check.ts';
import type { ClientSubject } from '../client/client-subject.ts';
import { acceptsClient, seenInWords } from '../live.ts';
import { toResult } from '../preflight.ts';
import { explainRefusal } from './explain-refusal.ts';

/** What the listener decided. */
export interface Verdict {
  readonly accepted: boolean;
  /** OpenSSL's verification code; absent when accepted. */
  readonly error?: string;
}

const pathInWords = ({ path }: ClientSubject): readonly string[] =>
  path.path.map(({ subject, issuer }) => `${subject.text}, issued by ${issuer.text}.`);

export function judgeRehearsed(
  title: string,
  verdict: Verdict,
  subject: ClientSubject,
  evidence: Evidence,
): CheckResult {
  const seen = seenInWords(evidence);
  if (verdict.accepted) return toResult({ code: acceptsClient, title }, passed(...seen));
  const { error = 'no certificate came' } = verdict;
  const words = [`The listener refused it (${error}).`, ...seen, ...pathInWords(subject)];
  return refused(title, subject, words);
}

/** Of a certificate without its key nothing but the path can be verified. */
export function judgeAlone(title: string, subject: ClientSubject): CheckResult {
  const isSound = subject.leaf !== undefined && explainRefusal(subject) === undefined;
  const words = ['There is no key beside it: its path was verified, and no handshake made.'];
  return isSound
    ? toResult({ code: acceptsClient, title }, passed(...words, ...pathInWords(subject)))
    : refused(title, subject, words);
}

function refused(title: string, subject: ClientSubject, words: readonly string[]): CheckResult {
  const why = explainRefusal(subject);
  if (!why) {
    return toResult(
      { code: acceptsClient, title },
      failed('Look into the client CA of the secret, and into this certificate.', ...words),
    );
  }
  const { code, evidence } = why;
  const remedy = code === issuerNotAccepted ? completeClientCa : (why.remedy ?? completeClientCa);
  return toResult({ code, title }, failed(remedy, ...evidence, ...words));
}

const issuerNotAccepted = 'client-issuer-not-accepted';
/** Before a rollout it is the secret that can still be changed. */
const completeClientCa =
  'Do not roll this secret out: put the CA of this client into its client CA file as well.';
