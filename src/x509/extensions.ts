/** The certificate extensions that decide whether a certificate can do its work (RFC 5280 section 4.2.1). */
import {
  type DerElement,
  derTags,
  readBitString,
  readChildren,
  readElement,
  readElements,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
  toHex,
} from './der.ts';
import { readSubjectAltNames } from './general-name.ts';
import { type NameConstraints, readNameConstraints } from './name-constraints.ts';
import { type GeneralName, toGeneralName } from './name-subtree.ts';

/** Each is absent when the extension is, or when it does not decode. */
export interface Extensions {
  readonly subjectAltNames?: readonly string[];
  /** basicConstraints cA. */
  readonly isCa?: boolean;
  /** basicConstraints pathLenConstraint. */
  readonly pathLength?: number;
  readonly nameConstraints?: NameConstraints;
  /** The subject alternative names as they stand, of every kind. */
  readonly names?: readonly GeneralName[];
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  /** Lower hex. */
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  /** Of the issuer's own certificate, where the authority key identifier names it so; lower hex. */
  readonly authoritySerialNumber?: string;
  /** DER of the name of the issuer's own issuer, likewise. */
  readonly authorityIssuer?: Uint8Array;
  /** Netscape's certificate type, which OpenSSL still honours: `sslClient`, `sslServer`, `sslCA` … */
  readonly netscapeTypes?: readonly string[];
  /** Object identifiers of critical extensions that OpenSSL does not process, and so refuses; absent when there is none. */
  readonly unknownCritical?: readonly string[];
  /** How many SCTs the certificate carries (RFC 6962 section 3.3). */
  readonly signedCertificateTimestamps?: number;
}

const readers: ReadonlyMap<string, (value: Uint8Array) => Extensions> = new Map([
  ['2.5.29.14', subjectKeyIdentifier],
  ['2.5.29.15', keyUsage],
  ['2.5.29.17', subjectAltNames],
  ['2.5.29.19', basicConstraints],
  ['2.5.29.30', nameConstraints],
  ['2.5.29.35', authorityKeyIdentifier],
  ['2.5.29.37', extendedKeyUsage],
  ['1.3.6.1.4.1.11129.2.4.2', signedCertificateTimestamps],
  ['2.16.840.1.113730.1.1', netscapeTypes],
]);

/** Those that OpenSSL takes when they are critical (X509_supported_extension), without that of proxy certificates. */
const processed: readonly string[] = [
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.54',
  '1.3.6.1.5.5.7.1.7',
  '1.3.6.1.5.5.7.1.8',
  '1.3.6.1.5.5.7.48.1.5',
  '2.16.840.1.113730.1.1',
];

/** In the order of their bits (RFC 5280 section 4.2.1.3). */
const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** In the order of their bits; the fifth is reserved. */
const netscapeTypeNames = [
  'sslClient',
  'sslServer',
  'smime',
  'objectSigning',
  'reserved',
  'sslCA',
  'smimeCA',
  'objectSigningCA',
] as const;

const purposeNames: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
]);

const maxPurposes = 64;

/** Reads the content of the `[3]` element of a TBSCertificate; the first of two equal extensions counts. */
export function readExtensions(explicit: Uint8Array): Extensions {
  let read: Extensions = {};
  const unknown: string[] = [];
  for (const element of readSequence(explicit) ?? []) {
    const [type, ...rest] = readChildren(element, derTags.sequence) ?? [];
    const value = rest.at(-1);
    const identifier = readObjectIdentifier(type) ?? '';
    const reader = readers.get(identifier);
    if (value?.tag === derTags.octetString && reader) read = { ...reader(value.content), ...read };
    if (isCritical(rest[0]) && !processed.includes(identifier)) unknown.push(identifier);
  }
  return unknown.length === 0 ? read : { ...read, unknownCritical: unknown };
}

function isCritical(element: DerElement | undefined): boolean {
  return element?.tag === derTags.boolean && element.content[0] !== 0;
}

function subjectKeyIdentifier(value: Uint8Array): Extensions {
  const element = readElement(value);
  return element?.tag === derTags.octetString
    ? { subjectKeyIdentifier: toHex(element.content) }
    : {};
}

function authorityKeyIdentifier(value: Uint8Array): Extensions {
  const parts = readSequence(value) ?? [];
  const [key, names, serial] = [0x80, 0xa1, 0x82].map((tag) =>
    parts.find((each) => each.tag === tag),
  );
  const directory = names && readElements(names.content)?.find(({ tag }) => tag === 0xa4);
  return {
    ...(key && { authorityKeyIdentifier: toHex(key.content) }),
    ...(serial && { authoritySerialNumber: serialText(serial.content) }),
    ...(directory && { authorityIssuer: directory.content }),
  };
}

/** Lower hex, without leading zero octets; `00` for zero. */
export function serialText(octets: Uint8Array): string {
  const start = octets.findIndex((octet) => octet !== 0);
  return start < 0 ? '00' : toHex(octets.subarray(start));
}

function subjectAltNames(value: Uint8Array): Extensions {
  const names = readSubjectAltNames(value);
  if (names === undefined) return {};
  return { subjectAltNames: names, names: (readSequence(value) ?? []).map(toGeneralName) };
}

function basicConstraints(value: Uint8Array): Extensions {
  const children = readSequence(value);
  if (children === undefined) return {};
  const isCa = children.some(({ tag, content }) => tag === derTags.boolean && content[0] !== 0);
  const [pathLength] = children.filter(({ tag }) => tag === derTags.integer).map(smallInteger);
  return { isCa, ...(pathLength !== undefined && { pathLength }) };
}

/** Undefined for what no path is as long as. */
function smallInteger(element: DerElement): number | undefined {
  const octets = readUnsigned(element);
  return octets !== undefined && octets.length <= 1 ? (octets[0] ?? 0) : undefined;
}

function nameConstraints(value: Uint8Array): Extensions {
  const constraints = readNameConstraints(value);
  return constraints ? { nameConstraints: constraints } : {};
}

function keyUsage(value: Uint8Array): Extensions {
  const usages = namedBits(value, keyUsageNames);
  return usages ? { keyUsage: usages } : {};
}

function netscapeTypes(value: Uint8Array): Extensions {
  const types = namedBits(value, netscapeTypeNames);
  return types ? { netscapeTypes: types } : {};
}

function namedBits(value: Uint8Array, names: readonly string[]): readonly string[] | undefined {
  const bits = readBitString(readElement(value));
  return bits && names.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function extendedKeyUsage(value: Uint8Array): Extensions {
  const purposes = readSequence(value)
    ?.slice(0, maxPurposes)
    .map(readObjectIdentifier)
    .filter((identifier) => identifier !== undefined)
    .map((identifier) => purposeNames.get(identifier) ?? identifier);
  return purposes ? { extendedKeyUsage: purposes } : {};
}

/** A list of at most 2^16 octets of items, each after its length in two octets. */
function signedCertificateTimestamps(value: Uint8Array): Extensions {
  const list = readElement(value);
  if (list?.tag !== derTags.octetString) return {};
  const { content } = list;
  const lengthAt = (at: number): number => ((content[at] ?? 0) << 8) | (content[at + 1] ?? 0);
  if (content.length < 2 || lengthAt(0) !== content.length - 2) return {};
  let count = 0;
  let at = 2;
  while (at < content.length) {
    at += 2 + lengthAt(at);
    count += 1;
  }
  return at === content.length ? { signedCertificateTimestamps: count } : {};
}
