/** The ASN.1 string types as JavaScript strings. */
import type { DerElement } from './der.ts';

/** What a string may take of a certificate's octets; more than any output shows. */
const maxOctets = 8192;

type Decode = (octets: Buffer) => string | undefined;

const decoders: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [0x0c, utf8],
  [0x12, latin1], // NumericString
  [0x13, latin1], // PrintableString
  [0x14, latin1], // T61String, as everybody reads it
  [0x16, latin1], // IA5String
  [0x1a, latin1], // VisibleString
  [0x1c, utf32], // UniversalString
  [0x1e, utf16], // BMPString
]);

/** The text of a string element, unsanitised; undefined when it is none, or its octets do not decode, or it is huge. */
export function readText({ tag, content }: DerElement): string | undefined {
  if (content.length > maxOctets) return undefined;
  return decoders.get(tag)?.(Buffer.from(content));
}

function utf8(octets: Buffer): string | undefined {
  const text = octets.toString('utf8');
  // A replacement character that was not sent means that the octets were not UTF-8.
  return Buffer.from(text).equals(octets) ? text : undefined;
}

function latin1(octets: Buffer): string {
  return octets.toString('latin1');
}

function utf16(octets: Buffer): string | undefined {
  return octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : undefined;
}

function utf32(octets: Buffer): string | undefined {
  if (octets.length % 4 !== 0) return undefined;
  const points = Array.from({ length: octets.length / 4 }, (_, index) =>
    octets.readUInt32BE(index * 4),
  );
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
