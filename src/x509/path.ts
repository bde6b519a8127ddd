/** Certification paths: which certificate issued which, judged by names, key identifiers and signatures. */
import { X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { isSameName } from './name.ts';

export interface CertificationPath {
  /** From the leaf upwards, each issued by the next; as far as the given certificates reach. */
  readonly path: readonly Certificate[];
  /** What is not on it, duplicates included, in the order given. */
  readonly strays: readonly Certificate[];
  /** The issuer's name that the last of the path asks for; absent when that one issued itself. */
  readonly missingIssuer?: string;
}

/** How many certificates are looked at; bounds the signatures that a hostile chain makes us verify. */
const maxCertificates = 32;

/**
 * Orders certificates into a path. The leaf is `leaf` when given, else the first that issued none of
 * the others, else the first.
 */
export function buildPath(
  certificates: readonly Certificate[],
  leaf: Certificate | undefined = findLeaf(certificates),
): CertificationPath {
  const known = certificates.slice(0, maxCertificates);
  const path: Certificate[] = [];
  let next = leaf;
  while (next !== undefined) {
    const subject: Certificate = next;
    path.push(subject);
    next = known.find(
      (issuer) =>
        !path.some(({ sha256 }) => sha256 === issuer.sha256) && isIssuedBy(subject, issuer),
    );
  }
  const last = path.at(-1);
  return {
    path,
    strays: certificates.filter((certificate) => !path.includes(certificate)),
    ...(last && !last.isSelfIssued && { missingIssuer: last.issuer.text }),
  };
}

/** Whether `issuer`'s key signed `subject`, and names and key identifiers agree. */
export function isIssuedBy(subject: Certificate, issuer: Certificate): boolean {
  return claimsIssuer(subject, issuer) && verifies(subject, issuer);
}

/** Whether names, key identifiers and types of key agree, which is all that OpenSSL picks an issuer by (X509_check_issued). */
export function claimsIssuer(subject: Certificate, issuer: Certificate): boolean {
  const { authorityKeyIdentifier: wanted, ...authority } = subject.extensions;
  const { subjectKeyIdentifier: offered } = issuer.extensions;
  if (wanted !== undefined && offered !== undefined && wanted !== offered) return false;
  const { authoritySerialNumber: serialNumber, authorityIssuer: above } = authority;
  if (serialNumber !== undefined && serialNumber !== issuer.serialNumber) return false;
  if (above !== undefined && !isSameName(above, issuer.issuer.der)) return false;
  return isSameName(subject.issuer.der, issuer.subject.der) && signsLike(subject, issuer);
}

function signsLike({ signatureAlgorithm }: Certificate, { publicKey }: Certificate): boolean {
  const [, type] = signers.find(([form]) => form.test(signatureAlgorithm)) ?? [];
  return type === undefined || type.includes(publicKey.algorithm);
}

const signers: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^rsassaPss$/, ['rsa', 'rsa-pss']],
  [/RSA/, ['rsa']],
  [/^ecdsa/, ['ec']],
  [/^dsa/, ['dsa']],
  [/^ed25519$/, ['ed25519']],
  [/^ed448$/, ['ed448']],
];

export function verifies(subject: Certificate, issuer: Certificate): boolean {
  try {
    return new X509Certificate(subject.der).verify(new X509Certificate(issuer.der).publicKey);
  } catch {
    // OpenSSL does not read one of them, or knows no such key: then nothing is proven.
    return false;
  }
}

function findLeaf(certificates: readonly Certificate[]): Certificate | undefined {
  const known = certificates.slice(0, maxCertificates);
  const issuedAnother = (candidate: Certificate): boolean =>
    known.some((other) => other !== candidate && isIssuedBy(other, candidate));
  return known.find((candidate) => !issuedAnother(candidate)) ?? known[0];
}
