/** EncryptedExtensions (RFC 9846 section 4.3.1). */
import { OctetReader } from '../octet-reader.ts';
import { readChosenProtocol, readExtensions, typesOf } from './extension-list.ts';

export interface EncryptedExtensionsRead {
  /** Numbers, in the order sent. */
  readonly extensions: readonly number[];
  readonly alpn?: string;
}

/** Undefined when the octets are no EncryptedExtensions. */
export function readEncryptedExtensions(message: Uint8Array): EncryptedExtensionsRead | undefined {
  const reader = new OctetReader(message);
  const extensions = readExtensions(reader);
  const alpn = readChosenProtocol(extensions);
  return reader.ok
    ? { extensions: typesOf(extensions), ...(alpn !== undefined && { alpn }) }
    : undefined;
}
