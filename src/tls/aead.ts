/** The AEAD ciphers of TLS over Node's crypto: open and seal, no exception for what does not authenticate. */
import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
} from 'node:crypto';
import type { BulkCipher } from './bulk-cipher.ts';

/** Node types GCM, CCM, OCB and ChaCha20 apart; at run time they take the same calls. */
const typed = (cipher: BulkCipher): CipherGCMTypes => cipher.algorithm as CipherGCMTypes;

export interface AeadInput {
  readonly cipher: BulkCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly additional: Uint8Array;
}

/** The plaintext of ciphertext and tag; undefined when they do not authenticate. */
export function aeadOpen(input: AeadInput, sealed: Uint8Array): Buffer | undefined {
  const { cipher, key, nonce, additional } = input;
  const plaintextLength = sealed.length - cipher.tagLength;
  if (plaintextLength < 0) return undefined;
  try {
    // A KeyObject made here and now: Node takes seven microseconds longer to find out that octets are none.
    const decipher = createDecipheriv(typed(cipher), createSecretKey(key), nonce, {
      authTagLength: cipher.tagLength,
    });
    decipher.setAuthTag(sealed.subarray(plaintextLength));
    decipher.setAAD(additional, { plaintextLength });
    const plaintext = decipher.update(sealed.subarray(0, plaintextLength));
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}

/** Ciphertext and tag. */
export function aeadSeal(input: AeadInput, plaintext: Uint8Array): Uint8Array {
  const { cipher, key, nonce, additional } = input;
  const encipher = createCipheriv(typed(cipher), key, nonce, { authTagLength: cipher.tagLength });
  encipher.setAAD(additional, { plaintextLength: plaintext.length });
  const ciphertext = encipher.update(plaintext);
  encipher.final();
  return Buffer.concat([ciphertext, encipher.getAuthTag()]);
}

/** The per-record nonce: the iv with the sequence number over its end (RFC 9846 section 5.3). */
export function recordNonce(iv: Uint8Array, sequence: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(iv);
  const offset = nonce.length - sequence.length;
  sequence.forEach((octet, index) => {
    nonce[offset + index] = (nonce[offset + index] ?? 0) ^ octet;
  });
  return nonce;
}
