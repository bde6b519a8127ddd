/** A certificate revocation list as a value (RFC 5280 section 5.1), read from DER without trusting it. */
import { constants, verify, X509Certificate } from 'node:crypto';
import { signatureAlgorithmName } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import {
  type DerElement,
  derTags,
  readBitString,
  readChildren,
  readElement,
  readObjectIdentifier,
  readUnsigned,
  toHex,
} from './der.ts';
import { isSameName, readName } from './name.ts';
import { readTime } from './time.ts';

export interface Crl {
  readonly issuer: { readonly text: string; readonly der: Uint8Array };
  /** Milliseconds since 1970. */
  readonly thisUpdateMs: number;
  /** Absent: it never becomes outdated. */
  readonly nextUpdateMs?: number;
  /** When each was revoked, in milliseconds since 1970, by serial number as certificates have it. */
  readonly revoked: ReadonlyMap<string, number>;
  /** OpenSSL's long name, else the object identifier. */
  readonly signatureAlgorithm: string;
  /** The octets that are signed. */
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
}

/** Undefined when the octets are not exactly one CRL, or any entry of it does not decode. */
export function readCrl(der: Uint8Array): Crl | undefined {
  const element = readElement(der);
  if (element?.der.length !== der.length) return undefined;
  const [tbs, algorithm, signatureElement] = readChildren(element, derTags.sequence) ?? [];
  const identifier = readObjectIdentifier(readChildren(algorithm, derTags.sequence)?.[0]);
  const signature = readBitString(signatureElement);
  const body = readTbs(readChildren(tbs, derTags.sequence) ?? []);
  if (!tbs || identifier === undefined || !signature || !body) return undefined;
  const signatureAlgorithm = signatureAlgorithmName(identifier);
  return { ...body, signatureAlgorithm, tbs: tbs.der, signature };
}

/** Whether the name is the issuer's and its key signed the list; false for algorithms that are not known. */
export function isCrlOf(crl: Crl, issuer: Certificate): boolean {
  if (!isSameName(crl.issuer.der, issuer.subject.der)) return false;
  try {
    const { publicKey: key } = new X509Certificate(issuer.der);
    const isPss = crl.signatureAlgorithm === 'rsassaPss';
    return digestsOf(crl.signatureAlgorithm).some((digest) =>
      verify(
        digest,
        crl.tbs,
        isPss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING } : key,
        crl.signature,
      ),
    );
  } catch {
    // OpenSSL does not read the certificate, or knows no such key: then nothing is proven.
    return false;
  }
}

/** Of a PSS signature the digest stands in parameters that are not read: each is tried. Null: the key's own. */
function digestsOf(algorithm: string): readonly (string | null)[] {
  if (algorithm === 'rsassaPss') return ['sha256', 'sha384', 'sha512'];
  if (/^(?:ed|ml-dsa)/.test(algorithm)) return [null];
  const bits = /sha-?(1|224|256|384|512)/i.exec(algorithm)?.[1];
  return bits === undefined ? [] : [`sha${bits}`];
}

function readTbs(fields: readonly DerElement[]) {
  // The version is absent in version 1.
  const [, issuer, thisUpdate, ...rest] =
    fields[0]?.tag === derTags.integer ? fields.slice(1) : fields;
  const text = issuer && readName(issuer.der);
  const thisUpdateMs = readTime(thisUpdate);
  const nextUpdateMs = readTime(rest[0]);
  const list = rest.find(({ tag }) => tag === derTags.sequence);
  const revoked = readEntries(list?.content ?? new Uint8Array());
  if (!issuer || text === undefined || thisUpdateMs === undefined || !revoked) return undefined;
  return {
    issuer: { text, der: issuer.der },
    thisUpdateMs,
    ...(nextUpdateMs !== undefined && { nextUpdateMs }),
    revoked,
  };
}

/** A list may hold far more entries than any other level of DER has elements. */
function readEntries(content: Uint8Array): ReadonlyMap<string, number> | undefined {
  const revoked = new Map<string, number>();
  let offset = 0;
  while (offset < content.length) {
    const entry = readElement(content.subarray(offset));
    const [serial, date] = readChildren(entry, derTags.sequence) ?? [];
    const number = readUnsigned(serial);
    const revokedAtMs = readTime(date);
    if (!entry || !number || revokedAtMs === undefined) return undefined;
    revoked.set(toHex(number), revokedAtMs);
    offset += entry.der.length;
  }
  return revoked;
}
