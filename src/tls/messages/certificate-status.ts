/** CertificateStatus: the stapled OCSP response (RFC 6066 section 8), a message of its own before TLS 1.3. */
import { OctetReader } from '../octet-reader.ts';

/** A copy of the OCSPResponse, DER. Undefined when the octets hold none (another type, or malformed). */
export function readCertificateStatus(message: Uint8Array): Uint8Array | undefined {
  return readStatus(new OctetReader(message));
}

/** The structure wherever it stands. */
export function readStatus(reader: OctetReader): Uint8Array | undefined {
  if (reader.u8() !== 1) return undefined;
  const response = reader.vector(3);
  return reader.ok ? new Uint8Array(response) : undefined;
}
