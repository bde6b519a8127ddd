/** Walks DER (X.690) just far enough for an OCSP response; never throws. */

export interface DerElement {
  readonly tag: number;
  /** A view of the content octets. */
  readonly content: Uint8Array;
}

/** The elements that stand side by side in `octets`; undefined when they are no DER. At most `limit` are read. */
export function derElements(octets: Uint8Array, limit = 64): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < octets.length && elements.length < limit) {
    const header = readHeader(octets, at);
    if (header === undefined || header.end > octets.length) return undefined;
    elements.push({ tag: octets[at] ?? 0, content: octets.subarray(header.start, header.end) });
    at = header.end;
  }
  return elements;
}

/** Lengths of one to three octets: nothing that comes in a handshake is larger. */
function readHeader(octets: Uint8Array, at: number): { start: number; end: number } | undefined {
  const first = octets[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count < 1 || count > 3) return undefined;
  let length = 0;
  for (const octet of octets.subarray(at + 2, at + 2 + count)) length = length * 256 + octet;
  return { start: at + 2 + count, end: at + 2 + count + length };
}
