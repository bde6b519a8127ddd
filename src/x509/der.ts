/**
 * A total reader of DER (ITU-T X.690): octets in, elements or undefined out; it never throws and never copies.
 *
 * It reads one level at a time, so depth is bounded by what the caller asks for, and an element never
 * reaches beyond the octets it was read from. Lengths need not be minimal: a sloppy encoder is still worth reading.
 */

export interface DerElement {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The element with its header. */
  readonly der: Uint8Array;
}

export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Elements on one level; a real certificate stays far below. */
const maxElements = 4096;
const maxLengthOctets = 4;

/** The first element of `octets`; what follows it is ignored. Undefined for indefinite lengths and tag numbers above 30. */
export function readElement(octets: Uint8Array): DerElement | undefined {
  const [tag, first] = octets;
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthOctets > maxLengthOctets) return undefined;
  const start = 2 + lengthOctets;
  if (start > octets.length) return undefined;
  let length = lengthOctets === 0 ? first : 0;
  for (const octet of octets.subarray(2, start)) length = length * 256 + octet;
  const end = start + length;
  if (end > octets.length) return undefined;
  return { tag, content: octets.subarray(start, end), der: octets.subarray(0, end) };
}

/** Every element of a content, which they must fill exactly. */
export function readElements(content: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < content.length) {
    const element = readElement(content.subarray(offset));
    if (element === undefined || elements.length === maxElements) return undefined;
    elements.push(element);
    offset += element.der.length;
  }
  return elements;
}

/** The children of an element that must have the given tag. */
export function readChildren(
  element: DerElement | undefined,
  tag: number,
): readonly DerElement[] | undefined {
  return element?.tag === tag ? readElements(element.content) : undefined;
}

/** The children of the SEQUENCE that stands at the start of `octets`. */
export function readSequence(octets: Uint8Array): readonly DerElement[] | undefined {
  return readChildren(readElement(octets), derTags.sequence);
}

/** Dotted decimal of an OBJECT IDENTIFIER of at most 64 octets. */
export function readObjectIdentifier(element: DerElement | undefined): string | undefined {
  if (element?.tag !== derTags.objectIdentifier) return undefined;
  const { content } = element;
  if (content.length === 0 || content.length > 64 || (content.at(-1) ?? 0) & 0x80) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet & 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head = 0n, ...tail] = arcs;
  const root = head < 80n ? head / 40n : 2n;
  return [root, head - root * 40n, ...tail].join('.');
}

/** The octets of a BIT STRING, without the octet that counts the unused bits. */
export function readBitString(element: DerElement | undefined): Uint8Array | undefined {
  return element?.tag === derTags.bitString && element.content.length > 0
    ? element.content.subarray(1)
    : undefined;
}

/** The magnitude of an INTEGER that is not negative, without leading zero octets. */
export function readUnsigned(element: DerElement | undefined): Uint8Array | undefined {
  if (element?.tag !== derTags.integer || element.content.length === 0) return undefined;
  const start = element.content.findIndex((octet) => octet !== 0);
  return start < 0 ? element.content.subarray(-1) : element.content.subarray(start);
}

/** Lower hex of at most `maxOctets` octets. */
export function toHex(octets: Uint8Array, maxOctets = 128): string {
  const { buffer, byteOffset, length } = octets.subarray(0, maxOctets);
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}
