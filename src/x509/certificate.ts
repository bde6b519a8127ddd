/** An X.509 certificate as a value (RFC 5280 section 4.1), read from DER without trusting it. */
import { hash } from 'node:crypto';
import { type PublicKeyFacts, readPublicKey, signatureAlgorithmName } from './algorithms.ts';
import {
  type DerElement,
  derTags,
  readChildren,
  readElement,
  readObjectIdentifier,
} from './der.ts';
import { type Extensions, readExtensions, serialText } from './extensions.ts';
import { isSameName, readName } from './name.ts';
import { readTime } from './time.ts';

export interface Certificate {
  readonly der: Uint8Array;
  /** 1 in those that have no extensions; 3 in all others of today. */
  readonly version: number;
  /** Of the DER, lower hex: its identity. */
  readonly sha256: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Lower hex, without leading zero octets; `00` for zero. */
  readonly serialNumber: string;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: PublicKey;
  /** OpenSSL's long name (`ecdsa-with-SHA256`), else the object identifier. */
  readonly signatureAlgorithm: string;
  readonly extensions: Extensions;
  /** Issuer and subject are the same name; says nothing about the signature. */
  readonly isSelfIssued: boolean;
}

interface DistinguishedName {
  /** RFC 4514, safe to print. */
  readonly text: string;
  readonly der: Uint8Array;
}

interface PublicKey extends PublicKeyFacts {
  /** The SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
  /** Of the SubjectPublicKeyInfo's DER, lower hex. */
  readonly sha256: string;
}

/** SHA-256 in lower hex. */
export function sha256Hex(octets: Uint8Array): string {
  return hash('sha256', octets, 'hex');
}

/** Undefined when the octets are not exactly one certificate. Extensions that do not decode are left out. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  const element = readElement(der);
  if (element?.der.length !== der.length) return undefined;
  const [tbs, algorithm] = readChildren(element, derTags.sequence) ?? [];
  const body = readTbs(readChildren(tbs, derTags.sequence) ?? []);
  const signatureOid = readObjectIdentifier(readChildren(algorithm, derTags.sequence)?.[0]);
  if (body === undefined || signatureOid === undefined) return undefined;
  return {
    der,
    sha256: sha256Hex(der),
    signatureAlgorithm: signatureAlgorithmName(signatureOid),
    ...body,
  };
}

function readTbs(fields: readonly DerElement[]) {
  // The version is explicit and absent in version 1.
  const isVersioned = fields[0]?.tag === 0xa0;
  const [serial, , issuerElement, validity, subjectElement, key, ...rest] = isVersioned
    ? fields.slice(1)
    : fields;
  const serialNumber = readSerialNumber(serial);
  const issuer = distinguishedName(issuerElement);
  const subject = distinguishedName(subjectElement);
  const dates = readValidity(validity);
  const publicKey = readKey(key);
  if (!(serialNumber && issuer && subject && dates && publicKey)) return undefined;
  const extensions = rest.find(({ tag }) => tag === 0xa3);
  return {
    version: isVersioned ? (fields[0]?.content.at(-1) ?? 0) + 1 : 1,
    serialNumber,
    issuer,
    subject,
    ...dates,
    publicKey,
    isSelfIssued: isSameName(issuer.der, subject.der),
    extensions: extensions ? readExtensions(extensions.content) : {},
  };
}

function readSerialNumber(element: DerElement | undefined): string | undefined {
  if (element?.tag !== derTags.integer || element.content.length === 0) return undefined;
  return serialText(element.content);
}

function distinguishedName(element: DerElement | undefined): DistinguishedName | undefined {
  if (element === undefined) return undefined;
  const text = readName(element.der);
  return text === undefined ? undefined : { text, der: element.der };
}

function readValidity(element: DerElement | undefined) {
  const [notBefore, notAfter] = readChildren(element, derTags.sequence) ?? [];
  const notBeforeMs = readTime(notBefore);
  const notAfterMs = readTime(notAfter);
  return notBeforeMs === undefined || notAfterMs === undefined
    ? undefined
    : { notBeforeMs, notAfterMs };
}

function readKey(element: DerElement | undefined): PublicKey | undefined {
  const facts = element && readPublicKey(element.der);
  return facts && { ...facts, der: element.der, sha256: sha256Hex(element.der) };
}
