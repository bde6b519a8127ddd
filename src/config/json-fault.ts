/** Where a text stops being JSON (RFC 8259), so that a person can find the spot. */

export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;
  /** What is expected there. */
  readonly expected: string;
}

/** Undefined when the text is JSON. Recursion is bounded: deeper than 64 levels counts as a fault. */
export function findJsonFault(text: string): JsonFault | undefined {
  const { at, expected } = document(text);
  if (expected === undefined) return undefined;
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, expected };
}

/** Where reading stands, and what was expected there when it cannot go on. */
interface Reached {
  readonly at: number;
  readonly expected?: string;
}

const maxDepth = 64;
const scalar =
  /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const key = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;

function document(text: string): Reached {
  const reached = value(text, 0, 0);
  if (reached.expected !== undefined) return reached;
  const at = skipSpace(text, reached.at);
  return at === text.length ? { at } : { at, expected: 'the end of the file' };
}

function value(text: string, from: number, depth: number): Reached {
  const at = skipSpace(text, from);
  if (depth > maxDepth) return { at, expected: `at most ${maxDepth} levels` };
  if (text[at] === '{') return sequence(text, at + 1, '}', (next) => member(text, next, depth + 1));
  if (text[at] === '[') {
    return sequence(text, at + 1, ']', (next) => value(text, next, depth + 1));
  }
  const length = matchLength(scalar, text, at);
  return length > 0 ? { at: at + length } : { at, expected: 'a value' };
}

function member(text: string, from: number, depth: number): Reached {
  const at = skipSpace(text, from);
  const length = matchLength(key, text, at);
  if (length === 0) return { at, expected: 'a key in double quotes' };
  const colon = skipSpace(text, at + length);
  return text[colon] === ':' ? value(text, colon + 1, depth) : { at: colon, expected: 'a colon' };
}

function sequence(
  text: string,
  from: number,
  close: '}' | ']',
  item: (at: number) => Reached,
): Reached {
  let at = skipSpace(text, from);
  if (text[at] === close) return { at: at + 1 };
  for (;;) {
    const reached = item(at);
    if (reached.expected !== undefined) return reached;
    at = skipSpace(text, reached.at);
    if (text[at] === close) return { at: at + 1 };
    if (text[at] !== ',') return { at, expected: `a comma or ${close}` };
    at += 1;
  }
}

function skipSpace(text: string, from: number): number {
  return from + matchLength(/[ \t\r\n]*/y, text, from);
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
