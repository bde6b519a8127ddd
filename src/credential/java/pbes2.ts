/** PBES2 (RFC 8018 section 6.2) with PBKDF2 and AES or triple DES in CBC mode: what key stores are encrypted with since 2021. */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { type DerElement, derTags, readChildren, readObjectIdentifier } from '../../x509/der.ts';

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';

/** By the object identifier of the pseudorandom function; SHA-1 when none is named. */
const digests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

const ciphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
]);

/** A million rounds take about a third of a second. */
const maxIterations = 1_000_000;

/** The clear octets; `wrong-password` where they do not end as they must, for nothing else tells. */
export function decryptPbes2(
  algorithm: DerElement,
  octets: Uint8Array,
  password: string,
): Uint8Array | 'wrong-password' | 'unsupported-encryption' {
  const parameters = readParameters(algorithm);
  if (parameters === undefined) return 'unsupported-encryption';
  const { salt, iterations, digest, cipher, iv } = parameters;
  try {
    const key = pbkdf2Sync(password, salt, iterations, cipher.keyBytes, digest);
    const decipher = createDecipheriv(cipher.name, key, iv);
    return Buffer.concat([decipher.update(octets), decipher.final()]);
  } catch {
    return 'wrong-password';
  }
}

function readParameters(algorithm: DerElement) {
  const [scheme, parameters] = readChildren(algorithm, derTags.sequence) ?? [];
  if (readObjectIdentifier(scheme) !== pbes2) return undefined;
  const [derivation, encryption] = readChildren(parameters, derTags.sequence) ?? [];
  const derived = readDerivation(derivation);
  const [cipherId, iv] = readChildren(encryption, derTags.sequence) ?? [];
  const cipher = ciphers.get(readObjectIdentifier(cipherId) ?? '');
  return derived && cipher && iv ? { ...derived, cipher, iv: iv.content } : undefined;
}

function readDerivation(element: DerElement | undefined) {
  const [identifier, parameters] = readChildren(element, derTags.sequence) ?? [];
  if (readObjectIdentifier(identifier) !== pbkdf2) return undefined;
  const [salt, count, ...rest] = readChildren(parameters, derTags.sequence) ?? [];
  const functionElement = rest.find(({ tag }) => tag === derTags.sequence);
  const digest = functionElement
    ? digests.get(readObjectIdentifier(readChildren(functionElement, derTags.sequence)?.[0]) ?? '')
    : 'sha1';
  const iterations = readCount(count, maxIterations);
  if (salt?.tag !== derTags.octetString || !iterations || !digest) return undefined;
  return { salt: salt.content, iterations, digest };
}

/** An INTEGER of at most four octets; undefined when it is more than `most`. */
export function readCount(element: DerElement | undefined, most: number): number | undefined {
  if (element?.tag !== derTags.integer || element.content.length > 4) return undefined;
  const count = element.content.reduce((sum, octet) => sum * 256 + octet, 0);
  return count <= most ? count : undefined;
}
