/**
 * JKS, the older format of Java's key stores: big-endian records of entries, sealed by a digest over the password.
 * Certificates stand in it in clear; private keys are passed over.
 */
import { createHash } from 'node:crypto';
import { OctetCursor } from './octet-cursor.ts';
import { faulty, maxAnchors, type StoreContents } from './store-contents.ts';
import type { StorePassword } from './store-password.ts';

const magicBytes = 4;
const digestBytes = 20;
const privateKeyEntry = 1;
const trustedEntry = 2;

export function isJks(octets: Buffer): boolean {
  return octets.length > magicBytes && octets.readUInt32BE() === 0xfeedfeed;
}

export function readJks(octets: Buffer, password: StorePassword): StoreContents {
  const body = octets.subarray(0, Math.max(octets.length - digestBytes, 0));
  const anchors = readEntries(new OctetCursor(body));
  if (anchors === undefined) return faulty('damaged');
  // Java looks at the seal only where it was told a password; the usual one, assumed by us, proves nothing by failing.
  const said = password === 'none' ? undefined : password?.reveal();
  if (said !== undefined && !isSealedWith(said, octets)) return faulty('wrong-password');
  return { anchors };
}

/** Undefined when the fields do not fill the body exactly. */
function readEntries(cursor: OctetCursor): readonly Uint8Array[] | undefined {
  const anchors: Uint8Array[] = [];
  try {
    cursor.take(magicBytes);
    const version = cursor.u4();
    const count = cursor.u4();
    if (version > 2 || count > maxAnchors) return undefined;
    for (let index = 0; index < count; index += 1) {
      const [anchor] = readEntry(cursor, version);
      if (anchor) anchors.push(anchor);
    }
    return cursor.rest === 0 ? anchors : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The entry's certificates: one when it is trusted, the chain when it is a key's. */
function readEntry(cursor: OctetCursor, version: number): readonly Uint8Array[] {
  const tag = cursor.u4();
  cursor.take(cursor.u2()); // alias
  cursor.take(8); // creation date
  if (tag === trustedEntry) return [readCertificate(cursor, version)];
  if (tag !== privateKeyEntry) throw new RangeError('no such entry');
  cursor.take(cursor.u4());
  const chain: Uint8Array[] = [];
  for (let left = cursor.u4(); left > 0; left -= 1) chain.push(readCertificate(cursor, version));
  return chain;
}

function readCertificate(cursor: OctetCursor, version: number): Uint8Array {
  if (version === 2) cursor.take(cursor.u2()); // certificate type
  return cursor.take(cursor.u4());
}

/** SHA-1 over the password in UTF-16, a fixed phrase, and the body. */
function isSealedWith(password: string, octets: Buffer): boolean {
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(octets.subarray(0, -digestBytes))
    .digest();
  return digest.equals(octets.subarray(-digestBytes));
}
