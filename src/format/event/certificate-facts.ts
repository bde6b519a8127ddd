/** A certificate as a SIEM takes it: hex in upper case, times that are times. */
import { isoTime, parseTime } from '../../base/clock.ts';
import type { CertificateSeen } from '../../evidence/evidence.ts';

export interface CertificateFacts {
  readonly sha256: string | undefined;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly serialNumber: string | undefined;
  readonly subjectAltNames: readonly string[] | undefined;
  /** RFC 3339 in UTC with milliseconds. */
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly notBeforeMs: number | undefined;
  readonly notAfterMs: number | undefined;
  readonly keyAlgorithm: string | undefined;
  readonly keyBits: number | undefined;
  readonly signatureAlgorithm: string | undefined;
  readonly selfSigned: boolean | undefined;
}

export function certificateFacts(seen: CertificateSeen): CertificateFacts {
  const { subject, issuer, subjectAltNames, keyAlgorithm, keyBits, signatureAlgorithm } = seen;
  const notBeforeMs = timeMs(seen.notBefore);
  const notAfterMs = timeMs(seen.notAfter);
  return {
    sha256: upperHex(seen.sha256),
    subject,
    issuer,
    serialNumber: upperHex(seen.serialNumber),
    subjectAltNames,
    notBefore: timeText(notBeforeMs),
    notAfter: timeText(notAfterMs),
    notBeforeMs,
    notAfterMs,
    keyAlgorithm,
    keyBits,
    signatureAlgorithm,
    selfSigned: seen.selfSigned,
  };
}

/** Undefined for what is no hex. */
export function upperHex(text: string | undefined): string | undefined {
  return text !== undefined && /^-?[0-9a-f]+$/i.test(text) ? text.toUpperCase() : undefined;
}

/** Milliseconds since 1970; undefined for what is no time. */
export function timeMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTime(text);
}

export function timeText(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : isoTime(epochMs);
}
