import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressesIn, ipVersion } from '../../src/format/event/ip-address.ts';

test.for([
  ...['0.0.0.0', '255.255.255.255', '256.1.1.1', '1.2.3', '1.2.3.4.', '1.2.3.4.5', '01.2.3.4'],
  ...['::', '::1', '2001:db8::7', '::ffff:192.0.2.1', '1::2::3', ':::', '12345::', '::1]', ''],
  ...['gateway.example', '1.2.3.4\n', '::1\n', '0x7f.1', '2130706433'],
])('%j is an address exactly where the system says so', (text) => {
  expect(ipVersion(text) ?? 0).toBe(isIP(text));
});

test('any address is one, and nothing else', () => {
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: fc.constantFrom(...'0123:.af') }));
  fc.assert(
    fc.property(text, (each) => {
      expect(ipVersion(each) ?? 0).toBe(isIP(each));
    }),
  );
});

test('a zone is cut off, and no address stands twice', () => {
  expect(addressesIn(['fe80::1%eth0', undefined, 'x', 'fe80::1', '192.0.2.1'])).toEqual([
    'fe80::1',
    '192.0.2.1',
  ]);
});
