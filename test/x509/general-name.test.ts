/** Addresses in alternative names are written as the rest of the world writes them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSubjectAltNames } from '../../src/x509/general-name.ts';
import { sequence, tlv } from '../support/der-writer.ts';

const read = (octets: Uint8Array) => readSubjectAltNames(sequence(tlv(0x87, octets)));

test('an IPv6 address is compressed as URLs compress it', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const octets = Buffer.from(groups.flatMap((value) => [value >> 8, value & 0xff]));
      const url = new URL(`http://[${groups.map((value) => value.toString(16)).join(':')}]/`);
      expect(read(octets)).toEqual([`IP:${url.hostname.slice(1, -1)}`]);
    }),
    { numRuns: 500 },
  );
});

test('an IPv4 address is dotted, and another number of octets is shown in hex', () => {
  expect(read(Buffer.from([192, 0, 2, 255]))).toEqual(['IP:192.0.2.255']);
  expect(read(Buffer.from([1, 2, 3]))).toEqual(['IP:#010203']);
});
