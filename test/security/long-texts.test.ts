/** Texts of a megabyte, made to have an expression try everything: each takes no longer than its length. */
import { expect, test } from 'vitest';
import { cleanText } from '../../src/report/clean.ts';
import { whatIsNotPem } from '../../src/x509/pem.ts';

const megabyte = 1024 * 1024;
const long = (unit: string): string => unit.repeat(Math.ceil(megabyte / unit.length));

// Squared they would take minutes.
test.for([
  'a',
  'http://',
  '://',
  '://a',
  'a@',
  '-----BEGIN ',
  '-----BEGIN A PRIVATE KEY-----',
  '-----BEGIN A PRIVATE KEY-----\n-----END ',
  'https://a?',
])('a report with %j again and again is cleaned in passing', { timeout: 5_000 }, (unit) => {
  expect(cleanText(long(unit)).length).toBeLessThanOrEqual(16_384);
});

test.for([' ', 'a', 'a ', '= ', 'a='])(
  'a file of %j again and again is told apart in passing',
  { timeout: 5_000 },
  (unit) => {
    const text = long(unit);
    expect(whatIsNotPem(Buffer.from(`${text}!`))).toBe('no-pem-block');
    expect(whatIsNotPem(Buffer.from(`a${text}`))).toBe('no-pem-block');
  },
);

test.for([
  ['see https://a:b@x/y?q=1#f and ws://h#z', 'see https://x/y and ws://h'],
  ['"HTTPS://x/?k=v" and \'wss://x/a?b\'', '"HTTPS://x/" and \'wss://x/a\''],
  ['jdbc://u:p@h and a@b', 'jdbc://h and a@b'],
])('%s is cleaned', ([text = '', cleaned]) => {
  expect(cleanText(text)).toBe(cleaned);
});
