/** CertificateRequest, as TLS 1.3 (RFC 9846 section 4.3.2) and as TLS 1.2 and older (RFC 5246 section 7.4.4) have it. */
import { tls12, tls13 } from '../names/versions.ts';
import { OctetReader } from '../octet-reader.ts';
import type { CertificateRequest } from '../wire.ts';
import { bodyOf, readExtensions } from './extension-list.ts';

/** Undefined when the octets are no CertificateRequest of that version. */
export function readCertificateRequest(
  message: Uint8Array,
  version: number,
): CertificateRequest | undefined {
  const reader = new OctetReader(message);
  const request = version === tls13 ? readTls13(reader) : readOlder(reader, version >= tls12);
  return reader.ok ? request : undefined;
}

function readTls13(reader: OctetReader): CertificateRequest {
  reader.vector(1);
  const extensions = readExtensions(reader);
  const authorities = bodyOf(extensions, 47);
  return {
    authorities: authorities ? readAuthorities(authorities) : [],
    signatureAlgorithms: bodyOf(extensions, 13)?.within(2).u16List() ?? [],
  };
}

/** TLS 1.0 and 1.1 name no signature algorithms. */
function readOlder(reader: OctetReader, hasAlgorithms: boolean): CertificateRequest {
  reader.vector(1);
  const signatureAlgorithms = hasAlgorithms ? reader.within(2).u16List() : [];
  return { signatureAlgorithms, authorities: readAuthorities(reader) };
}

/** Copies, in one block. */
function readAuthorities(reader: OctetReader): Uint8Array[] {
  const names: Uint8Array[] = [];
  const list = new OctetReader(new Uint8Array(reader.vector(2)), reader);
  while (list.left > 0) names.push(list.vector(2));
  return names;
}
