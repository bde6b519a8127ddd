/** Our verdict over the server's certificate, as causes read it. */
import type { CertificateSeen, Evidence } from '../evidence/evidence.ts';
import { isServerUntrusted } from './reading.ts';
import { plural } from './time.ts';

export interface UntrustedServer {
  /** OpenSSL's verification code; empty when none was recorded. */
  readonly code: string;
  readonly certificates: readonly CertificateSeen[];
  readonly leaf?: CertificateSeen;
}

/** OpenSSL's codes for a chain that leads to nobody whom we trust; the others name a fault of the certificates themselves. */
export const unknownIssuerCodes: readonly string[] = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
];

/** The server that we do not trust, and, with `codes`, for one of these reasons. */
export function untrustedServer(
  evidence: Evidence,
  ...codes: readonly string[]
): UntrustedServer | undefined {
  if (!isServerUntrusted(evidence)) return undefined;
  const code = evidence.tls?.serverAuthorizationError ?? '';
  if (codes.length > 0 && !codes.includes(code)) return undefined;
  const certificates = evidence.tls?.serverCertificates ?? [];
  const [leaf] = certificates;
  return { code, certificates, ...(leaf && { leaf }) };
}

export function leafInWords({ leaf }: UntrustedServer): string {
  if (!leaf) return 'The certificate of the server could not be read.';
  const { subject = 'an unreadable subject', issuer = 'an unreadable issuer', sha256 } = leaf;
  return `The server presents ${subject}, issued by ${issuer}, SHA-256 ${sha256}.`;
}

export function verdictInWords({ code }: UntrustedServer): string {
  return `Verification ends with ${code || 'a refusal'}.`;
}

export function countInWords({ certificates }: UntrustedServer): string {
  return `The server sent ${plural(certificates.length, 'certificate')}.`;
}
