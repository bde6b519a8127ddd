/** Where secrets stand in a text that may be a URL. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dissectUrl, mayHoldUserinfo } from '../../src/base/dissect-url.ts';

const table: readonly [text: string, parts: readonly [string, string, string, string]][] = [
  ['https://gw:1/x?a=b#c', ['https://', '', 'gw:1/x', '?a=b#c']],
  ['http://joe:pw@h:1/', ['http://', 'joe:pw', 'h:1/', '']],
  ['joe:pw@h', ['', 'joe:pw', 'h', '']],
  ['//joe:pw@h', ['//', 'joe:pw', 'h', '']],
  ['http:/joe:pw@h:1', ['http:/', 'joe:pw', 'h:1', '']],
  ['http://joe:p/w@x y@h', ['http://', 'joe:p/w@x y', 'h', '']],
  ['http://joe:p?w@h', ['http://', 'joe:p?w', '', '?w@h']],
  ['gw#x', ['', '', 'gw', '#x']],
  ['/a@b', ['', '/a', 'b', '']],
  ['', ['', '', '', '']],
];

test.for(table)('%j', ([text, [scheme, userinfo, plain, query]]) => {
  expect(dissectUrl(text)).toEqual({ scheme, userinfo, plain, query });
});

test('nothing before an @ and nothing after a ? or # is plain', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(dissectUrl(`http://${a}secret${b}@h`).plain).not.toContain('secret');
      expect(dissectUrl(`http://h/?${a}secret${b}`).plain).not.toContain('secret');
    }),
  );
});

test.for([
  ['https://gw/x?mail=a@b', false],
  ['https://gw/x', false],
  ['https://joe@gw', true],
  ['https://joe:80/pw@gw', true],
  ['https://pw?x@gw', true],
  ['pw#x@gw', true],
] as const)('%s may hold user information: %s', ([text, expected]) => {
  expect(mayHoldUserinfo(text)).toBe(expected);
});
