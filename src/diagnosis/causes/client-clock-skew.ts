/** The clock of this machine is wrong, so that good certificates look out of date. */
import type { CertificateSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { clockDifferenceInWords, clockDifferenceMs } from '../clock-difference.ts';
import { isExpired, isNotYetValid } from '../own-certificate.ts';
import { isServerUntrusted } from '../reading.ts';
import { isCertificateError, refusalOf } from '../refusal.ts';
import { leafInWords, untrustedServer } from '../server-trust.ts';
import { isBefore } from '../time.ts';

export const clientClockSkew: Cause = {
  code: 'client-clock-skew',
  title: 'The clock of this machine is wrong',
  side: 'delegate',
  documentation:
    'A certificate looks expired, or not valid yet, by the clock of this machine, and something else says that the clock is wrong: the last accepted look lies in the future, the same certificate was valid then, the gateway stapled an OCSP answer from the future, its HTTP Date differs, or our own certificate looks wrong in the same direction. Without such a witness it is the certificate: server-certificate-expired, server-certificate-not-yet-valid, client-certificate-not-yet-valid. Have this machine synchronise its time (chronyd, ntpd, the host of the container).',
  outranks: [
    'server-certificate-expired',
    'server-certificate-not-yet-valid',
    'server-intermediate-expired',
    'client-certificate-expired',
    'client-certificate-not-yet-valid',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const witness = witnesses.map((look) => look(situation)).find((each) => each !== undefined);
    if (!witness) return undefined;
    const server = untrustedServer(situation.evidence);
    return {
      confidence: witness.confidence,
      evidence: [witness.inWords, ...(server ? [leafInWords(server)] : [])],
      remedy: 'Set the clock of this machine and keep it synchronised, then look again.',
    };
  },
};

interface Witness {
  readonly confidence: Confidence;
  readonly inWords: string;
}

type LookForWitness = (situation: Situation) => Witness | undefined;

/** The strongest first. */
const witnesses: readonly LookForWitness[] = [
  baselineInFuture,
  sameCertificateWasValid,
  answerFromFuture,
  dateOfAnswer,
  bothLookWrong,
];

/** Out of date by our clock, which no certificate can tell from a wrong clock. */
function looksOutOfDate({ tls, ...evidence }: Evidence): 'expired' | 'not-yet-valid' | undefined {
  if (!isServerUntrusted({ ...evidence, ...(tls && { tls }) })) return undefined;
  if (tls?.serverAuthorizationError === 'CERT_HAS_EXPIRED') return 'expired';
  return tls?.serverAuthorizationError === 'CERT_NOT_YET_VALID' ? 'not-yet-valid' : undefined;
}

function baselineInFuture({ evidence, baseline }: Situation): Witness | undefined {
  const then = baseline?.evidence.time;
  if (!looksOutOfDate(evidence) || !isBefore(evidence.time, then)) return undefined;
  return {
    confidence: 'certain',
    inWords: `The last accepted look was at ${then}, which is after this one at ${evidence.time}.`,
  };
}

function sameCertificateWasValid({ evidence, baseline }: Situation): Witness | undefined {
  if (looksOutOfDate(evidence) !== 'not-yet-valid') return undefined;
  const [before, now] = [baseline?.evidence.tls, evidence.tls].map(
    (tls) => tls?.serverCertificates?.[0]?.sha256,
  );
  if (before === undefined || before !== now) return undefined;
  return {
    confidence: 'certain',
    inWords: `The same certificate was valid at the last accepted look, and by our clock, ${evidence.time}, it is not valid yet.`,
  };
}

function answerFromFuture({ evidence }: Situation): Witness | undefined {
  const madeAt = evidence.tls?.ocsp?.thisUpdate;
  if (looksOutOfDate(evidence) !== 'not-yet-valid' || !isBefore(evidence.time, madeAt)) {
    return undefined;
  }
  return {
    confidence: 'certain',
    inWords: `The gateway stapled an OCSP answer made at ${madeAt}; our clock says ${evidence.time}.`,
  };
}

/** The gateway refused a certificate of ours that is out of date by one clock and in date by the other. */
function dateOfAnswer({ evidence }: Situation): Witness | undefined {
  const difference = clockDifferenceMs(evidence);
  const { clientCertificate: ours, http, time } = evidence;
  if (difference === undefined || !ours || http?.date === undefined) return undefined;
  const refusal = refusalOf(evidence);
  if (refusal?.by !== 'http' || !isCertificateError(refusal.answer)) return undefined;
  if (isOutOfDate(ours, time) === isOutOfDate(ours, http.date)) return undefined;
  return { confidence: 'likely', inWords: clockDifferenceInWords(difference, http.date, time) };
}

function isOutOfDate(certificate: CertificateSeen, time: string): boolean {
  return isExpired(certificate, time) || isNotYetValid(certificate, time);
}

function bothLookWrong({ evidence }: Situation): Witness | undefined {
  const { clientCertificate: ours, time } = evidence;
  const how = looksOutOfDate(evidence);
  if (!ours || !how) return undefined;
  const oursToo = how === 'expired' ? isExpired(ours, time) : isNotYetValid(ours, time);
  if (!oursToo) return undefined;
  const words = how === 'expired' ? 'to have expired' : 'not to be valid yet';
  return {
    // Two certificates from different hands are seldom early at once; that both are left to expire happens.
    confidence: how === 'expired' ? 'possible' : 'likely',
    inWords: `By our clock, ${time}, the certificate of the gateway and our own both seem ${words}.`,
  };
}
