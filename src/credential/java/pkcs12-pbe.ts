/** The encryption and the seal that PKCS#12 itself defines (RFC 7292 appendices B and C): of it, what OpenSSL 3 still loads. */
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type DerElement, derTags, readChildren, readObjectIdentifier } from '../../x509/der.ts';
import { readCount } from './pbes2.ts';

/** Three and two keys. RC2 and RC4, the others of its appendix C, need OpenSSL's legacy provider. */
const tripleDes: ReadonlyMap<string, 3 | 2> = new Map([
  ['1.2.840.113549.1.12.1.3', 3],
  ['1.2.840.113549.1.12.1.4', 2],
]);

/** What the derived octets are for: its appendix B.3. */
const purposes = { key: 1, iv: 2, seal: 3 } as const;

/** By object identifier, with the block of each in octets. */
const digests: ReadonlyMap<string, { readonly name: string; readonly blockBytes: number }> =
  new Map([
    ['1.3.14.3.2.26', { name: 'sha1', blockBytes: 64 }],
    ['2.16.840.1.101.3.4.2.1', { name: 'sha256', blockBytes: 64 }],
    ['2.16.840.1.101.3.4.2.2', { name: 'sha384', blockBytes: 128 }],
    ['2.16.840.1.101.3.4.2.3', { name: 'sha512', blockBytes: 128 }],
  ]);
const sha1 = { name: 'sha1', blockBytes: 64 };

/** About a tenth of a second. */
const maxIterations = 100_000;

/** The clear octets; `wrong-password` where they do not end as they must. */
export function decryptPkcs12Pbe(
  algorithm: DerElement,
  octets: Uint8Array,
  password: string,
): Uint8Array | 'wrong-password' | 'unsupported-encryption' {
  const [scheme, parameters] = readChildren(algorithm, derTags.sequence) ?? [];
  const keys = tripleDes.get(readObjectIdentifier(scheme) ?? '');
  const [salt, count] = readChildren(parameters, derTags.sequence) ?? [];
  const iterations = readCount(count, maxIterations);
  if (keys === undefined || salt === undefined || iterations === undefined) {
    return 'unsupported-encryption';
  }
  const derived = { password, salt: salt.content, iterations, digest: sha1 };
  const key = derive({ ...derived, purpose: 'key', sizeBytes: keys * 8 });
  const iv = derive({ ...derived, purpose: 'iv', sizeBytes: 8 });
  const whole = keys === 3 ? key : Buffer.concat([key, key.subarray(0, 8)]);
  try {
    const decipher = createDecipheriv('des-ede3-cbc', whole, iv);
    return Buffer.concat([decipher.update(octets), decipher.final()]);
  } catch {
    return 'wrong-password';
  }
}

/** Whether the password made this MacData of the content; undefined when that cannot be told. */
export function isSealedWith(
  password: string,
  macData: DerElement | undefined,
  content: Uint8Array,
): boolean | undefined {
  const [info, salt, count] = readChildren(macData, derTags.sequence) ?? [];
  const [algorithm, sealed] = readChildren(info, derTags.sequence) ?? [];
  const [identifier] = readChildren(algorithm, derTags.sequence) ?? [];
  const digest = digests.get(readObjectIdentifier(identifier) ?? '');
  const iterations = count === undefined ? 1 : readCount(count, maxIterations);
  if (!digest || !salt || !sealed || iterations === undefined) return undefined;
  const sizeBytes = sealed.content.length;
  const derived = { password, salt: salt.content, iterations, digest };
  const key = derive({ ...derived, purpose: 'seal', sizeBytes });
  const made = createHmac(digest.name, key).update(content).digest();
  return made.length === sizeBytes && timingSafeEqual(made, sealed.content);
}

interface Derivation {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly digest: { readonly name: string; readonly blockBytes: number };
  readonly purpose: keyof typeof purposes;
  readonly sizeBytes: number;
}

/** Appendix B.2. */
function derive(derivation: Derivation): Buffer {
  const { password, salt, iterations, digest, purpose, sizeBytes } = derivation;
  const { name, blockBytes } = digest;
  const diversifier = Buffer.alloc(blockBytes, purposes[purpose]);
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const input = Buffer.concat([fill(salt, blockBytes), fill(text, blockBytes)]);
  let derived = Buffer.alloc(0);
  while (derived.length < sizeBytes) {
    let round = createHash(name).update(diversifier).update(input).digest();
    for (let done = 1; done < iterations; done += 1)
      round = createHash(name).update(round).digest();
    derived = Buffer.concat([derived, round]);
    const addend = fill(round, blockBytes).subarray(0, blockBytes);
    for (let at = 0; at < input.length; at += blockBytes) {
      addOneMore(input.subarray(at, at + blockBytes), addend);
    }
  }
  return derived.subarray(0, sizeBytes);
}

/** Repeated to whole blocks; nothing stays nothing. */
function fill(octets: Uint8Array, blockBytes: number): Buffer {
  return Buffer.alloc(Math.ceil(octets.length / blockBytes) * blockBytes, octets);
}

/** `block + addend + 1`, as big-endian numbers, what overflows dropped. */
function addOneMore(block: Buffer, addend: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at -= 1) {
    const sum = (block[at] ?? 0) + (addend[at] ?? 0) + carry;
    block[at] = sum & 0xff;
    carry = sum >> 8;
  }
}
