/** What stands between an accepted look and the proof that it is this certificate, from the delegate, that is accepted. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';

export interface Doubt {
  /** Of a cause or of a warning. */
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
}

/** Undefined when nothing speaks against it; other warnings are there to be minded. */
export function findDoubt(
  { tls, experiments = [] }: Evidence,
  { warnings }: Pick<Diagnosis, 'warnings'>,
): Doubt | undefined {
  const [found] = warnings.filter(({ code }) => doubtful.has(code));
  if (found) {
    const { code, title, evidence } = found;
    return { code, why: `${title}: ${evidence}`, remedy: doubtful.get(code) ?? '' };
  }
  if (tls?.clientCertificateRequested && tls.clientCertificateSent === false) {
    const why = 'The gateway asked for a certificate, took none for an answer, and accepted us.';
    return { code: 'client-certificate-not-sent', why, remedy: requireOne };
  }
  const isAnyTaken = experiments.some(
    ({ changed, outcome }) => changed === 'throwaway-client-certificate' && outcome === 'accepted',
  );
  if (!isAnyTaken) return undefined;
  const why = 'The gateway accepts a certificate that nobody issued as well.';
  return { code: 'gateway-accepts-client', why, remedy: requireOne };
}

const requireOne =
  'Have the gateway ask for a client certificate and verify it, and try again: as it is, nothing is proven about this one.';
const otherWay =
  'Try again on a way that nobody inspects: the gateway itself never saw this certificate.';
const mendDelegate =
  'Mend it before the delegate uses this credential: it does not come through as we did.';

/** Each with the next step. */
const doubtful: ReadonlyMap<string, string> = new Map([
  ['client-certificate-not-requested', requireOne],
  ['gateway-stopped-requesting-client-certificate', requireOne],
  ['tls-interception', otherWay],
  ['client-key-unusable-by-delegate', mendDelegate],
  ['trust-stores-disagree', mendDelegate],
  ['delegate-sends-no-certificate', mendDelegate],
  ['delegate-fips-refuses', mendDelegate],
]);
