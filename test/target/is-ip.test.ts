import { isIP as nodeIsIp } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIP } from '../../src/target/is-ip.ts';

test.each([
  ...['', 'localhost', 'gateway.example', '1.2.3', '1.2.3.4', '01.2.3.4', '256.1.1.1', '1.2.3.4.'],
  ...['::', '::1', 'fe80::1%eth0', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:9'],
  ...[':', 'a:b', '[::1]', 'host:443', 'g::1', '1.2.3.4:80'],
])('says of %j what Node says', (text) => {
  expect(isIP(text)).toBe(nodeIsIp(text));
});

test('says of any text what Node says', () => {
  const addresses = fc.oneof(fc.ipV4Extended(), fc.ipV4(), fc.ipV6(), fc.domain(), fc.string());
  const pieces = fc.array(fc.constantFrom('1', 'ff', ':', '::', '.', '%', 'x', '255'));
  const any = fc.oneof(
    addresses,
    pieces.map((parts) => parts.join('')),
  );
  fc.assert(fc.property(any, (text) => isIP(text) === nodeIsIp(text)));
});
