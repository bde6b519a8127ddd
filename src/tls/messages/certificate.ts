/** Certificate, as TLS 1.3 (RFC 9846 section 4.4.2) and as TLS 1.2 (RFC 5246 section 7.4.2) have it. */
import { OctetReader } from '../octet-reader.ts';
import { wireLimits } from '../wire-limits.ts';
import { readStatus } from './certificate-status.ts';
import { bodyOf, countTimestamps, type Extension, readExtensions } from './extension-list.ts';

export interface CertificateRead {
  /** Copies of the DER, in the order sent; at most what `wireLimits` keeps. */
  readonly certificates: readonly Uint8Array[];
  /** Of the first certificate; DER. */
  readonly ocspResponse?: Uint8Array;
  readonly signedCertificateTimestamps?: number;
}

/** Undefined when the octets are no Certificate message of that version. */
export function readCertificate(
  message: Uint8Array,
  isTls13: boolean,
): CertificateRead | undefined {
  const reader = new OctetReader(message);
  if (isTls13) reader.vector(1);
  const list = reader.within(3);
  const certificates: Uint8Array[] = [];
  let first: readonly Extension[] = [];
  let keptBytes = 0;
  while (list.left > 0) {
    const der = list.vector(3);
    const extensions = isTls13 ? readExtensions(list) : [];
    if (certificates.length === 0) first = extensions;
    keptBytes += der.length;
    if (isWithinLimits(certificates.length, keptBytes)) certificates.push(new Uint8Array(der));
  }
  const read = { certificates, ...readLeafExtensions(first) };
  return reader.ok ? read : undefined;
}

const isWithinLimits = (count: number, bytes: number): boolean =>
  count < wireLimits.certificates && bytes <= wireLimits.certificateBytes;

function readLeafExtensions(
  extensions: readonly Extension[],
): Omit<CertificateRead, 'certificates'> {
  const status = bodyOf(extensions, 5);
  const ocspResponse = status && readStatus(status);
  const timestamps = bodyOf(extensions, 18);
  return {
    ...(ocspResponse && { ocspResponse }),
    ...(timestamps && { signedCertificateTimestamps: countTimestamps(timestamps) }),
  };
}
