/** The events of a batch, found in its octets before any of them is parsed: each is bounded in size, depth and time. */
import { maxReportLength, SetAside } from './read-event.ts';

/** Where one event stands, from its first octet to behind its last. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly isTooDeep: boolean;
}

/** A report and its envelope. */
const maxEventOctets = maxReportLength + 16 * 1024;
/** No report comes near it. */
const maxDepth = 64;

/** As `cutBatch` says it: what stands there is not the beginning and the end of a JSON array in UTF-8, or has too many elements. */
export type Unsplittable = 'not-json' | 'not-an-array' | 'too-many';

export interface Batch {
  /** Parses one element after the other, as they are asked for; a SetAside stands in for what is no JSON, or too much. */
  readonly events: Iterable<unknown>;
  readonly count: number;
}

/** `octets` is a whole body or message. */
export function splitBatch(octets: Buffer, maxEvents: number): Batch | Unsplittable {
  const spans = cutBatch(octets, maxEvents);
  return typeof spans === 'string'
    ? spans
    : { events: parseAll(octets, spans), count: spans.length };
}

/** One event alone, or a SetAside. */
export function parseEvent(octets: Buffer): unknown {
  const batch = cutBatch(Buffer.concat([open, octets, close]), 1);
  if (typeof batch === 'string') return new SetAside('not-json', octets);
  return parseOne(octets, {
    start: 0,
    end: octets.length,
    isTooDeep: batch[0]?.isTooDeep === true,
  });
}

const open = Buffer.from('[');
const close = Buffer.from(']');

function* parseAll(octets: Buffer, spans: readonly Span[]): Generator<unknown, void, undefined> {
  for (const span of spans) yield parseOne(octets, span);
}

function parseOne(octets: Buffer, { start, end, isTooDeep }: Span): unknown {
  const one = octets.subarray(start, end);
  if (isTooDeep) return new SetAside('too-deep', one);
  if (one.length > maxEventOctets) return new SetAside('too-large', one);
  try {
    return JSON.parse(utf8.decode(one));
  } catch {
    return new SetAside('not-json', one);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const octet = {
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** Looks at brackets and strings only; whether what stands between is JSON is told when it is parsed. */
function cutBatch(octets: Buffer, maxEvents: number): readonly Span[] | Unsplittable {
  const first = skipSpace(octets, 0);
  if (octets[first] !== octet.openBracket)
    return first < octets.length ? 'not-an-array' : 'not-json';
  const spans: Span[] = [];
  let at = skipSpace(octets, first + 1);
  if (octets[at] === octet.closeBracket) return endsAt(octets, at, spans);
  for (;;) {
    const span = cutElement(octets, at);
    if (span === undefined || span.end === at) return 'not-json';
    if (spans.length === maxEvents) return 'too-many';
    spans.push(span);
    if (octets[span.end] === octet.closeBracket) return endsAt(octets, span.end, spans);
    at = span.end + 1;
  }
}

function endsAt(octets: Buffer, at: number, spans: readonly Span[]): readonly Span[] | 'not-json' {
  return skipSpace(octets, at + 1) === octets.length ? spans : 'not-json';
}

/** Up to the comma or bracket that ends it; undefined when the octets end first. */
function cutElement(octets: Buffer, start: number): Span | undefined {
  let depth = 0;
  let deepest = 0;
  for (let at = start; at < octets.length; at += 1) {
    const here = octets[at] ?? 0;
    if (depth === 0 && (here === octet.comma || here === octet.closeBracket)) {
      return { start, end: at, isTooDeep: deepest > maxDepth };
    }
    if (here === octet.quote) at = endOfString(octets, at);
    else depth += stepOf(here);
    if (depth > deepest) deepest = depth;
  }
  return undefined;
}

/** Down into an object or array, or up. */
function stepOf(here: number): number {
  if (here === octet.openBrace || here === octet.openBracket) return 1;
  return here === octet.closeBrace || here === octet.closeBracket ? -1 : 0;
}

/** Of the closing quote; the end of the octets when there is none. */
function endOfString(octets: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = octets.indexOf(octet.quote, at + 1);
    if (at === -1) return octets.length;
    let before = at - 1;
    while (octets[before] === octet.backslash) before -= 1;
    // An even number of backslashes escape each other.
    if ((at - before) % 2 === 1) return at;
  }
}

function skipSpace(octets: Buffer, start: number): number {
  let at = start;
  while (at < octets.length && isSpace(octets[at])) at += 1;
  return at;
}

/** RFC 8259 section 2. */
function isSpace(value: number | undefined): boolean {
  return value === 0x20 || value === 0x0a || value === 0x0d || value === 0x09;
}
