import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';

const value = 'correct horse';
const secret = new Secret(value);

test.for([
  ['a string', `${secret}`],
  ['JSON', JSON.stringify({ secret })],
  ['inspect', inspect({ deep: { secret } }, { showHidden: true, depth: null })],
  ['format', format('%o %O %s %j', secret, secret, secret, secret)],
  ['its own properties', JSON.stringify(Object.entries(secret))],
])('%s does not show it', ([, shown]) => {
  expect(shown).not.toContain(value);
});

test('only reveal gives it out', () => {
  expect(secret.reveal()).toBe(value);
});
