/** ServerKeyExchange of the ECDHE suites: the named group in it (RFC 8422 section 5.4). */
import { cipherSuiteName } from '../names/cipher-suites.ts';
import { OctetReader } from '../octet-reader.ts';

const namedCurve = 3;

/** Undefined for suites that name no group there, of which finite field DHE is one. */
export function readKeyExchangeGroup(message: Uint8Array, cipherSuite: number): number | undefined {
  if (!/^TLS_ECDHE?_(?!PSK)/.test(cipherSuiteName(cipherSuite))) return undefined;
  const reader = new OctetReader(message);
  if (reader.u8() !== namedCurve) return undefined;
  const group = reader.u16();
  return reader.ok ? group : undefined;
}
