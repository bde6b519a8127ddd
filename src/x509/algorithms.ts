/** Names of key and signature algorithms by object identifier, and what a SubjectPublicKeyInfo says about its key. */
import {
  derTags,
  readBitString,
  readChildren,
  readElement,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
} from './der.ts';

export interface PublicKeyFacts {
  /** `rsa`, `rsa-pss`, `ec`, `dsa`, `ed25519`, `ed448`, `x25519`, `x448`, `ml-dsa-44` …, else the object identifier. */
  readonly algorithm: string;
  /** RSA and DSA: of the modulus; EC: of the curve; ed25519 256, ed448 456. Absent for other keys and unknown curves. */
  readonly bits?: number;
}

const keyAlgorithms: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.1', 'rsa'],
  ['1.2.840.113549.1.1.10', 'rsa-pss'],
  ['1.2.840.10040.4.1', 'dsa'],
  ['1.2.840.10045.2.1', 'ec'],
  ['1.3.101.110', 'x25519'],
  ['1.3.101.111', 'x448'],
  ['1.3.101.112', 'ed25519'],
  ['1.3.101.113', 'ed448'],
  ['2.16.840.1.101.3.4.3.17', 'ml-dsa-44'],
  ['2.16.840.1.101.3.4.3.18', 'ml-dsa-65'],
  ['2.16.840.1.101.3.4.3.19', 'ml-dsa-87'],
]);

const fixedBits: ReadonlyMap<string, number> = new Map([
  ['x25519', 256],
  ['ed25519', 256],
  ['x448', 448],
  ['ed448', 456],
]);

const curveBits: ReadonlyMap<string, number> = new Map([
  ['1.2.840.10045.3.1.1', 192], // P-192
  ['1.3.132.0.33', 224], // P-224
  ['1.2.840.10045.3.1.7', 256], // P-256
  ['1.3.132.0.34', 384], // P-384
  ['1.3.132.0.35', 521], // P-521
  ['1.3.132.0.10', 256], // secp256k1
  ['1.3.36.3.3.2.8.1.1.7', 256], // brainpoolP256r1
  ['1.3.36.3.3.2.8.1.1.11', 384], // brainpoolP384r1
  ['1.3.36.3.3.2.8.1.1.13', 512], // brainpoolP512r1
  ['1.2.156.10197.1.301', 256], // SM2
]);

const signatureAlgorithms: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.3.14.3.2.29', 'sha1WithRSA'],
  ['1.2.840.113549.1.1.10', 'rsassaPss'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.2.840.10040.4.3', 'dsaWithSHA1'],
  ['2.16.840.1.101.3.4.3.2', 'dsa_with_SHA256'],
]);

/** OpenSSL's long name; for EdDSA and ML-DSA the key's own name; else the object identifier. */
export function signatureAlgorithmName(identifier: string): string {
  return signatureAlgorithms.get(identifier) ?? keyAlgorithms.get(identifier) ?? identifier;
}

/** Reads a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). */
export function readPublicKey(spki: Uint8Array): PublicKeyFacts | undefined {
  const [algorithmElement, key] = readSequence(spki) ?? [];
  const [type, parameters] = readChildren(algorithmElement, derTags.sequence) ?? [];
  const identifier = readObjectIdentifier(type);
  const keyOctets = readBitString(key);
  if (identifier === undefined || keyOctets === undefined) return undefined;
  const algorithm = keyAlgorithms.get(identifier) ?? identifier;
  const bits = keyBits(algorithm, keyOctets, parameters?.der ?? new Uint8Array());
  return { algorithm, ...(bits !== undefined && { bits }) };
}

function keyBits(algorithm: string, key: Uint8Array, parameters: Uint8Array): number | undefined {
  switch (algorithm) {
    case 'rsa':
    case 'rsa-pss':
      return firstIntegerBits(key);
    case 'dsa':
      return firstIntegerBits(parameters);
    case 'ec':
      return curveBits.get(readObjectIdentifier(readElement(parameters)) ?? '');
    default:
      return fixedBits.get(algorithm);
  }
}

function firstIntegerBits(sequence: Uint8Array): number | undefined {
  const magnitude = readUnsigned(readSequence(sequence)?.[0]);
  const [first] = magnitude ?? [];
  if (magnitude === undefined || first === undefined) return undefined;
  return magnitude.length * 8 - Math.clz32(first) + 24;
}
