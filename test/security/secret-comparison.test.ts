/** How secrets that strangers bring are compared: by digests and in constant time, which shows in the code and not in a clock. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../../src');
/** The rooms that are given secrets by somebody who may not know the right one. */
const rooms = ['home', 'agent/status', 'sink/metrics'];
const files = rooms.flatMap((room) =>
  readdirSync(join(src, room), { recursive: true })
    .map((name) => `${room}/${name}`)
    .filter((name) => name.endsWith('.ts')),
);
const source = (file: string): string => readFileSync(join(src, file), 'utf8');

const secret = /(?:token|secret|passphrase|password|digest|cookie|bearer|sessionId|authorization)/i;
/** What has no secret in it: whether there is one, which kind it is. */
const plain = /^(?:undefined|null|true|false|'[\w-]*'|\d+)$/;
/** Both sides, as the formatter writes them. */
const comparison = /([\w.#?()[\]'"-]+) [!=]== ([\w.#?[\]'-]+)/g;
const searching =
  /(\w+)(?:\.reveal\(\))?\.(?:startsWith|endsWith|includes|indexOf|localeCompare|equals)\(/g;

function compares(line: string): boolean {
  if (line.includes('typeof ')) return false;
  const byOperator = [...line.matchAll(comparison)].some(([, left = '', right = '']) => {
    const [one, other] = [left.replace(/^\(+/, ''), right];
    return !plain.test(one) && !plain.test(other) && (secret.test(one) || secret.test(other));
  });
  const bySearch = [...line.matchAll(searching)].some(([, name = '']) => secret.test(name));
  return byOperator || bySearch;
}

test('where strangers bring secrets, none is compared by an operator', () => {
  const found = files.flatMap((file) =>
    source(file)
      .split('\n')
      .filter(compares)
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(20);
});

test.for([
  ['if (token === presented) return;', true],
  ['return presented !== this.#token.reveal();', true],
  ["if (digest.toString('hex') === known.digest.toString('hex'))", true],
  ['formToken === given', true],
  ['if (secret.startsWith(given))', true],
  ['if (token === undefined) return;', false],
  ["if (token === '') throw", false],
  ["kind === 'token'", false],
] as const)('of %j it is said: %s', ([line, expected]) => {
  expect(compares(line)).toBe(expected);
});

test('tokens and form tokens are compared in constant time', () => {
  for (const file of ['home/sender-tokens.ts', 'home/page/access.ts']) {
    expect(source(file), file).toMatch(/\btimingSafeEqual\(/);
  }
  const using = files.filter((file) => source(file).includes('timingSafeEqual('));
  expect(using.sort()).toEqual(['home/page/access.ts', 'home/sender-tokens.ts']);
});
