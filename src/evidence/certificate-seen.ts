/** A certificate as evidence. */
import { isoTime } from '../base/clock.ts';
import { type Certificate, readCertificate, sha256Hex } from '../x509/certificate.ts';
import type { Extensions } from '../x509/extensions.ts';
import { isIssuedBy } from '../x509/path.ts';
import type { CertificateSeen } from './evidence.ts';

/** What a DER certificate says; of octets that are none, at least their SHA-256. */
export function seeCertificate(der: Uint8Array): CertificateSeen {
  const certificate = readCertificate(der);
  return certificate ? toCertificateSeen(certificate) : { sha256: sha256Hex(der) };
}

function toCertificateSeen(certificate: Certificate): CertificateSeen {
  const { publicKey } = certificate;
  return {
    sha256: certificate.sha256,
    spkiSha256: publicKey.sha256,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serialNumber: certificate.serialNumber,
    notBefore: isoTime(certificate.notBeforeMs),
    notAfter: isoTime(certificate.notAfterMs),
    keyAlgorithm: publicKey.algorithm,
    ...(publicKey.bits !== undefined && { keyBits: publicKey.bits }),
    signatureAlgorithm: certificate.signatureAlgorithm,
    ...shown(certificate.extensions),
    // A signature is verified only where it can be its own: it costs up to a millisecond.
    selfSigned: certificate.isSelfIssued && isIssuedBy(certificate, certificate),
  };
}

const shownExtensions = [
  'subjectAltNames',
  'isCa',
  'keyUsage',
  'extendedKeyUsage',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
  'signedCertificateTimestamps',
] as const;

/** What only a path is judged by stays out: much of it is octets, and no evidence rests on it. */
function shown(extensions: Extensions): Pick<Extensions, (typeof shownExtensions)[number]> {
  return Object.fromEntries(
    shownExtensions.filter((name) => name in extensions).map((name) => [name, extensions[name]]),
  );
}
