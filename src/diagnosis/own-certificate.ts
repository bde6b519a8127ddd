/** Facts about our own certificate, and what they mean beside the gateway's refusal. */
import type { CertificateSeen, Evidence } from '../evidence/evidence.ts';
import type { Confidence, Situation } from './cause.ts';
import { type Refusal, refusalOf, speaksForFault } from './refusal.ts';
import { wasAcceptedBefore } from './since-baseline.ts';
import { isBefore } from './time.ts';

export function isExpired({ notAfter }: CertificateSeen, now: string): boolean {
  return isBefore(notAfter, now);
}

export function isNotYetValid({ notBefore }: CertificateSeen, now: string): boolean {
  return isBefore(now, notBefore);
}

/** An extendedKeyUsage that leaves client authentication out; no extension at all allows everything. */
export function lacksClientAuth({ extendedKeyUsage }: CertificateSeen): boolean {
  return (
    extendedKeyUsage !== undefined &&
    !extendedKeyUsage.some((usage) => usage === 'clientAuth' || usage === 'anyExtendedKeyUsage')
  );
}

/** A keyUsage that leaves digitalSignature out; no extension at all allows everything. */
export function lacksDigitalSignature({ keyUsage }: CertificateSeen): boolean {
  return keyUsage !== undefined && !keyUsage.includes('digitalSignature');
}

/** A CA that another one issued; what signed itself is told apart. */
export function isAuthority({ isCa, selfSigned }: CertificateSeen): boolean {
  return isCa === true && selfSigned !== true;
}

/** The CA certificates in our file on the path above the leaf, as far as names lead; never the root. */
export function intermediatesOf({
  clientCertificate,
  credential,
}: Evidence): readonly CertificateSeen[] {
  const above: CertificateSeen[] = [];
  let wanted = clientCertificate?.issuer?.toLowerCase();
  for (const _ of credential.chain ?? []) {
    const issuer = credential.chain?.find(({ subject }) => subject?.toLowerCase() === wanted);
    if (!issuer || wanted === undefined || isRoot(issuer) || above.includes(issuer)) break;
    above.push(issuer);
    wanted = issuer.issuer?.toLowerCase();
  }
  return above;
}

function isRoot({ selfSigned, subject, issuer }: CertificateSeen): boolean {
  return selfSigned === true || subject === issuer;
}

/** A key or signature that OpenSSL's security level 2 refuses. */
export function isWeak({ keyAlgorithm, keyBits, signatureAlgorithm }: CertificateSeen): boolean {
  const shortKey = keyAlgorithm === 'rsa' && keyBits !== undefined && keyBits < 2048;
  return shortKey || /sha-?1(?!\d)|md5/i.test(signatureAlgorithm ?? '');
}

/** Whether any fault of our leaf is plain to see without a network. */
export function hasFault(certificate: CertificateSeen, now: string): boolean {
  return (
    isExpired(certificate, now) ||
    isNotYetValid(certificate, now) ||
    lacksClientAuth(certificate) ||
    lacksDigitalSignature(certificate) ||
    isWeak(certificate) ||
    certificate.selfSigned === true
  );
}

/**
 * Whether the gateway named our issuer, or any issuer in our file, among its authorities. Undefined when it named
 * none or when our issuer is unknown.
 */
export function isIssuerNamed({
  tls,
  clientCertificate,
  credential,
}: Evidence): boolean | undefined {
  const named = tls?.certificateAuthorities;
  if (!named?.length || clientCertificate?.issuer === undefined) return undefined;
  const ours = new Set(
    [clientCertificate, ...(credential.chain ?? [])].flatMap(({ issuer }) =>
      issuer === undefined ? [] : [issuer.toLowerCase()],
    ),
  );
  return named.some((name) => ours.has(name.toLowerCase()));
}

export interface RefusedFault {
  readonly certificate: CertificateSeen;
  readonly refusal: Refusal;
  readonly confidence: Confidence;
}

interface FaultOptions {
  readonly isFaulty: (certificate: CertificateSeen, now: string) => boolean;
  /** Alerts that name this very fault. */
  readonly naming: readonly number[];
  /** Whether the fault comes with time; one that does not was no reason while the gateway accepted us with it. */
  readonly comesWithTime: boolean;
}

/** The refusal of a certificate that we did send, beside a fault of it that anyone can see. */
export function refusedFault(
  situation: Situation,
  options: FaultOptions,
): RefusedFault | undefined {
  const { evidence } = situation;
  const { clientCertificate: certificate } = evidence;
  if (!certificate || evidence.tls?.clientCertificateSent === false) return undefined;
  if (!options.isFaulty(certificate, evidence.time)) return undefined;
  if (!options.comesWithTime && wasAcceptedBefore(situation)) return undefined;
  const refusal = refusalOf(evidence);
  if (!refusal) return undefined;
  return { certificate, refusal, confidence: weigh(evidence, refusal, options.naming) };
}

/** A refusal that names any fault is certain about this one where the gateway does accept our issuer. */
function weigh(evidence: Evidence, refusal: Refusal, naming: readonly number[]): Confidence {
  const spoken = speaksForFault(refusal, naming);
  const onItsFace = refusal.by === 'alert' || refusal.by === 'http';
  return spoken === 'likely' && onItsFace && isIssuerNamed(evidence) ? 'certain' : spoken;
}
