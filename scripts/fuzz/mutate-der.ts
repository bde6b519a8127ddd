/** Damages one element of DER, or what stands for it, and writes the lengths around it anew: so damage gets past the first length. */
import { tlv } from '../../test/support/der-writer.ts';
import type { Integer } from './random.ts';

const constructed = 0x20;
const octetString = 0x04;
const maxDepth = 24;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** Undefined when the octets are not exactly elements of short tags and definite lengths. */
function elementsOf(octets: Buffer): readonly Element[] | undefined {
  const elements: Element[] = [];
  let at = 0;
  while (at < octets.length) {
    const tag = octets[at] ?? 0;
    const first = octets[at + 1] ?? 0x80;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || count > 3 || at + 2 + count > octets.length) return undefined;
    const length = count === 0 ? first : octets.readUIntBE(at + 2, count);
    const from = at + 2 + count;
    if (from + length > octets.length) return undefined;
    elements.push({ tag, content: octets.subarray(from, from + length) });
    at = from + length;
  }
  return elements;
}

const isNested = (tag: number): boolean => (tag & constructed) !== 0 || tag === octetString;

/** `harm` damages the content, or the whole, of an element chosen at random. */
export function mutateDer(
  octets: Buffer,
  integer: Integer,
  harm: (part: Buffer) => Buffer,
): Buffer {
  return descend(octets, integer, harm, 0) ?? harm(octets);
}

function descend(
  octets: Buffer,
  integer: Integer,
  harm: (part: Buffer) => Buffer,
  depth: number,
): Buffer | undefined {
  const elements = elementsOf(octets);
  if (elements === undefined || elements.length === 0 || depth > maxDepth) return undefined;
  const chosen = integer(elements.length);
  const parts = elements.map(({ tag, content }, index) => {
    if (index !== chosen) return [tlv(tag, content)];
    const inner =
      isNested(tag) && integer(6) > 0 ? descend(content, integer, harm, depth + 1) : undefined;
    return inner ? [tlv(tag, inner)] : harmElement(tag, content, integer, harm);
  });
  return Buffer.concat(parts.flat());
}

function harmElement(
  tag: number,
  content: Buffer,
  integer: Integer,
  harm: (part: Buffer) => Buffer,
): readonly Buffer[] {
  const whole = tlv(tag, content);
  switch (integer(8)) {
    case 0:
      return [];
    case 1:
      return [whole, whole];
    case 2:
      return [tlv(integer(256), content)];
    case 3:
      return [harm(whole)];
    default:
      return [tlv(tag, harm(content))];
  }
}
