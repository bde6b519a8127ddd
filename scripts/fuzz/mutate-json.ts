/** Puts another value in one place of a JSON text, takes one away or puts one in: so damage gets past the syntax. */
import type { Integer } from './random.ts';

type Choose = (limit: number) => number;

const odd = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    2 ** 53,
    -(2 ** 31),
    1e308,
    '',
    ' ',
    'x',
    '\u001b[2J',
    '\u202e',
    '\ud800',
  ],
  ...[
    '__proto__',
    'constructor',
    '9999-12-31T23:59:59Z',
    'https://[::1]:99999/',
    'x'.repeat(5_000),
  ],
  ...[[], {}, [[[[]]]], { length: 1 }, Array(300).fill(1)],
] as const;

/** The text itself when it is no JSON. */
export function mutateJson(text: string, integer: Integer): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  for (let times = 1 + integer(4); times > 0; times -= 1) value = change(value, integer);
  return JSON.stringify(value) ?? text;
}

function change(value: unknown, integer: Choose): unknown {
  if (typeof value !== 'object' || value === null || integer(8) === 0)
    return another(value, integer);
  const entries = Object.entries(value);
  const chosen = integer(entries.length + 1);
  const [name, inner] = entries[chosen] ?? [String(odd[integer(odd.length)]).slice(0, 40), null];
  const put = integer(10) === 0 ? [] : [[name, change(inner, integer)] as const];
  const changed = [...entries.slice(0, chosen), ...put, ...entries.slice(chosen + 1)];
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** Near what it was, or something else altogether. */
function another(value: unknown, integer: Choose): unknown {
  if (typeof value === 'number' && integer(2) === 0) return value + integer(3) - 1;
  if (typeof value === 'string' && integer(2) === 0) {
    const at = integer(value.length + 1);
    return value.slice(0, at) + String(odd[integer(odd.length)]) + value.slice(at + integer(3));
  }
  return odd[integer(odd.length)];
}
