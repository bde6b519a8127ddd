/** What a cipher suite's name says about how its records are protected. */
import { cipherSuites } from './names/cipher-suites.ts';

export interface BulkCipher {
  readonly kind: 'aead' | 'cbc';
  /** As OpenSSL calls it. */
  readonly algorithm: string;
  readonly keyLength: number;
  /** Octets of the implicit part of the nonce (AEAD), or of the block (CBC). */
  readonly ivLength: number;
  /** Octets of the nonce that stand before each record in TLS 1.2. */
  readonly explicitNonceLength: number;
  /** Octets of the AEAD tag. */
  readonly tagLength: number;
  /** HKDF's in TLS 1.3, the PRF's in TLS 1.2. */
  readonly hash: 'sha256' | 'sha384';
  /** HMAC of the CBC suites. */
  readonly mac?: { readonly hash: string; readonly length: number };
}

interface Block {
  readonly algorithm: string;
  readonly keyLength: number;
  readonly ivLength: number;
}

const cbc: Readonly<Record<string, Block>> = {
  AES_128: { algorithm: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  AES_256: { algorithm: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  CAMELLIA_128: { algorithm: 'camellia-128-cbc', keyLength: 16, ivLength: 16 },
  CAMELLIA_256: { algorithm: 'camellia-256-cbc', keyLength: 32, ivLength: 16 },
  ARIA_128: { algorithm: 'aria-128-cbc', keyLength: 16, ivLength: 16 },
  ARIA_256: { algorithm: 'aria-256-cbc', keyLength: 32, ivLength: 16 },
  '3DES_EDE': { algorithm: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
};

const aead: Readonly<Record<string, Block & { readonly tagLength: number }>> = {
  AES_128_GCM: { algorithm: 'aes-128-gcm', keyLength: 16, ivLength: 12, tagLength: 16 },
  AES_256_GCM: { algorithm: 'aes-256-gcm', keyLength: 32, ivLength: 12, tagLength: 16 },
  AES_128_CCM: { algorithm: 'aes-128-ccm', keyLength: 16, ivLength: 12, tagLength: 16 },
  AES_256_CCM: { algorithm: 'aes-256-ccm', keyLength: 32, ivLength: 12, tagLength: 16 },
  AES_128_CCM_8: { algorithm: 'aes-128-ccm', keyLength: 16, ivLength: 12, tagLength: 8 },
  AES_256_CCM_8: { algorithm: 'aes-256-ccm', keyLength: 32, ivLength: 12, tagLength: 8 },
  ARIA_128_GCM: { algorithm: 'aria-128-gcm', keyLength: 16, ivLength: 12, tagLength: 16 },
  ARIA_256_GCM: { algorithm: 'aria-256-gcm', keyLength: 32, ivLength: 12, tagLength: 16 },
  CHACHA20_POLY1305: { algorithm: 'chacha20-poly1305', keyLength: 32, ivLength: 12, tagLength: 16 },
};

const macs: Readonly<Record<string, { readonly hash: string; readonly length: number }>> = {
  MD5: { hash: 'md5', length: 16 },
  SHA: { hash: 'sha1', length: 20 },
  SHA256: { hash: 'sha256', length: 32 },
  SHA384: { hash: 'sha384', length: 48 },
};

const name = /^TLS_(?:\w+_WITH_)?(?:(\w+?)_CBC|(\w+?))(?:_(MD5|SHA|SHA256|SHA384))?$/;

/** Undefined for a suite whose records cannot be opened here. */
export function bulkCipher(cipherSuite: number): BulkCipher | undefined {
  const [, block = '', sealing = '', digest = ''] =
    name.exec(cipherSuites[cipherSuite] ?? '') ?? [];
  const hash = digest === 'SHA384' ? 'sha384' : 'sha256';
  const mac = macs[digest];
  if (cbc[block] && mac) {
    return { ...cbc[block], kind: 'cbc', explicitNonceLength: 0, tagLength: 0, hash, mac };
  }
  return aead[sealing] && { ...aead[sealing], ...nonce(sealing), kind: 'aead', hash };
}

/** ChaCha20 sends no part of the nonce (RFC 7905 section 2); the others eight octets of it (RFC 5288 section 3). */
const nonce = (sealing: string): { readonly explicitNonceLength: number } => ({
  explicitNonceLength: sealing === 'CHACHA20_POLY1305' ? 0 : 8,
});
