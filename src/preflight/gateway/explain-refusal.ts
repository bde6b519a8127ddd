/** Why a gateway with this client CA refuses a certificate: the first check of it that fails. */
import type { CheckResult } from '../check.ts';
import {
  chainOrder,
  intermediateMissing,
  intermediateNotCa,
  issuerNotAccepted,
} from '../client/chain.ts';
import type { ClientSubject } from '../client/client-subject.ts';
import { nameNotPermitted, pathTooLong } from '../client/constraints.ts';
import {
  certificateExpired,
  certificateNotYetValid,
  intermediateExpired,
  intermediateNotYetValid,
} from '../client/dates.ts';
import { certificateUnparsable } from '../client/pem.ts';
import {
  certificateKeyUsage,
  certificatePurpose,
  certificateSelfSigned,
} from '../client/purpose.ts';
import { certificateWeak } from '../client/strength.ts';
import { judgeAll } from '../preflight.ts';

/** What a gateway looks at, in the order in which OpenSSL minds it. */
const judged = [
  certificateUnparsable,
  certificateSelfSigned,
  issuerNotAccepted,
  intermediateMissing,
  intermediateNotCa,
  pathTooLong,
  nameNotPermitted,
  certificateWeak,
  certificateExpired,
  certificateNotYetValid,
  intermediateExpired,
  intermediateNotYetValid,
  certificatePurpose,
  certificateKeyUsage,
];

/** Undefined when nothing in it explains a refusal. */
export function explainRefusal(subject: ClientSubject): CheckResult | undefined {
  return judgeAll([...judged, chainOrder], subject).find(({ outcome }) => outcome === 'failed');
}
