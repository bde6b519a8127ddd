/** From secrets to keys: HKDF-Expand-Label of TLS 1.3 and the key block of TLS 1.2. */
import { createHmac, createSecretKey } from 'node:crypto';
import type { BulkCipher } from './bulk-cipher.ts';

export interface TrafficKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Key and iv of a TLS 1.3 traffic secret (RFC 9846 section 7.3). */
export function trafficKeys(secret: Uint8Array, cipher: BulkCipher): TrafficKeys {
  return {
    key: expandLabel(cipher.hash, secret, 'key', cipher.keyLength),
    iv: expandLabel(cipher.hash, secret, 'iv', cipher.ivLength),
  };
}

/** The secret that follows a KeyUpdate (RFC 9846 section 7.2). */
export function nextTrafficSecret(secret: Uint8Array, cipher: BulkCipher): Uint8Array {
  return expandLabel(cipher.hash, secret, 'traffic upd', secret.length);
}

/** HKDF-Expand-Label with an empty context (RFC 9846 section 7.1). */
export function expandLabel(
  hash: string,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 0xff, full.length]),
    full,
    Buffer.of(0),
  ]);
  const output = new Uint8Array(length);
  // Node takes seven microseconds longer to find out that octets are no KeyObject.
  const key = createSecretKey(secret);
  let block: Uint8Array = new Uint8Array(0);
  for (let filled = 0, counter = 1; filled < length; filled += block.length, counter += 1) {
    block = createHmac(hash, key).update(block).update(info).update(Buffer.of(counter)).digest();
    output.set(block.subarray(0, length - filled), filled);
  }
  block.fill(0);
  return output;
}

export interface MasterSecret {
  readonly masterSecret: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
}

export interface KeyBlock extends TrafficKeys {
  /** Empty for AEAD suites. */
  readonly macKey: Uint8Array;
}

/** What one side writes with, cut from the key block of TLS 1.2 (RFC 5246 section 6.3). */
export function keyBlock(
  secret: MasterSecret,
  cipher: BulkCipher,
  writer: 'client' | 'server',
): KeyBlock {
  const macLength = cipher.mac?.length ?? 0;
  // CBC records carry their iv; of an AEAD nonce the explicit part is not in the block.
  const ivLength = cipher.kind === 'cbc' ? 0 : cipher.ivLength - cipher.explicitNonceLength;
  const seed = Buffer.concat([
    Buffer.from('key expansion', 'latin1'),
    secret.serverRandom,
    secret.clientRandom,
  ]);
  const lengths = [macLength, cipher.keyLength, ivLength];
  const total = 2 * lengths.reduce((sum, length) => sum + length, 0);
  const block = expand(cipher.hash, secret.masterSecret, seed, total);
  const side = writer === 'client' ? 0 : 1;
  let at = 0;
  const [macKey, key, iv] = lengths.map((length) => {
    const start = at + side * length;
    const part = block.slice(start, start + length);
    at += 2 * length;
    return part;
  });
  block.fill(0);
  const none = new Uint8Array(0);
  return { macKey: macKey ?? none, key: key ?? none, iv: iv ?? none };
}

/** P_hash of RFC 5246 section 5. */
function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  const key = createSecretKey(secret);
  let chain = seed;
  for (let filled = 0; filled < length; ) {
    chain = createHmac(hash, key).update(chain).digest();
    const block = createHmac(hash, key).update(chain).update(seed).digest();
    output.set(block.subarray(0, length - filled), filled);
    filled += block.length;
    block.fill(0);
  }
  return output;
}
