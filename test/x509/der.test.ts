/** The DER reader is total: whatever it is fed, it gives elements that lie inside the octets, or undefined. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  derTags,
  readBitString,
  readChildren,
  readElement,
  readElements,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
} from '../../src/x509/der.ts';
import { objectIdentifier, sequence, tlv } from '../support/der-writer.ts';

const octets = fc.uint8Array({ maxLength: 64 });

test('an element that was written is read back, whatever follows it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xff }).filter((tag) => (tag & 0x1f) !== 0x1f),
      fc.uint8Array({ maxLength: 70_000 }),
      octets,
      (tag, content, rest) => {
        const der = tlv(tag, content);
        const read = readElement(Buffer.concat([der, rest]));
        expect(read?.tag).toBe(tag);
        expect(Buffer.from(read!.content).equals(content)).toBe(true);
        expect(Buffer.from(read!.der).equals(der)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test('garbage never throws and never gives octets from outside', () => {
  fc.assert(
    fc.property(octets, (garbage) => {
      const read = readElement(garbage);
      expect(read === undefined || read.der.length <= garbage.length).toBe(true);
      readSequence(garbage);
      readElements(garbage);
      readObjectIdentifier(read);
      readBitString(read);
      readUnsigned(read);
    }),
    { numRuns: 2000 },
  );
});

test('a truncated element is none, at every split', () => {
  const der = sequence(tlv(0x02, Buffer.from([1])), tlv(0x04, Buffer.alloc(300)));
  for (let length = 0; length < der.length; length += 1) {
    expect(readElement(der.subarray(0, length))).toBeUndefined();
  }
  expect(readSequence(der)).toHaveLength(2);
});

test.for([
  ['an indefinite length', [0x30, 0x80, 0x00, 0x00]],
  ['a length of five octets', [0x30, 0x85, 0, 0, 0, 0, 0]],
  ['a tag number above 30', [0x1f, 0x20, 0x00]],
  ['a length beyond the end', [0x04, 0x84, 0xff, 0xff, 0xff, 0xff]],
  ['nothing', []],
] as const)('%s is no element', ([, bytes]) => {
  expect(readElement(Uint8Array.from(bytes))).toBeUndefined();
});

test('elements must fill their content exactly', () => {
  const one = tlv(0x05);
  expect(readElements(Buffer.concat([one, one]))).toHaveLength(2);
  expect(readElements(Buffer.concat([one, Buffer.from([0x05])]))).toBeUndefined();
});

test('more elements than a certificate can have are refused', () => {
  expect(readElements(Buffer.alloc(2 * 4096, tlv(0x05)))).toHaveLength(4096);
  expect(readElements(Buffer.alloc(2 * 4097, tlv(0x05)))).toBeUndefined();
});

test('children are read only below the tag that was asked for', () => {
  const element = readElement(sequence(tlv(0x05)));
  expect(readChildren(element, derTags.sequence)).toHaveLength(1);
  expect(readChildren(element, derTags.set)).toBeUndefined();
});

test.for([
  '1.2.840.113549.1.9.1',
  '2.5.29.15',
  '0.9.2342.19200300.100.1.25',
  '2.16.840.1',
  '2.999.3',
])('the object identifier %s reads as it was written', (dotted) => {
  expect(readObjectIdentifier(readElement(objectIdentifier(dotted)))).toBe(dotted);
});

test('an object identifier that is cut, empty or huge is none', () => {
  expect(readObjectIdentifier(readElement(tlv(0x06, Buffer.from([0x2a, 0x86]))))).toBeUndefined();
  expect(readObjectIdentifier(readElement(tlv(0x06)))).toBeUndefined();
  expect(readObjectIdentifier(readElement(tlv(0x06, Buffer.alloc(65, 1))))).toBeUndefined();
});

test('an integer loses its leading zero octets but not its value', () => {
  expect([...(readUnsigned(readElement(tlv(0x02, Buffer.from([0, 0x80])))) ?? [])]).toEqual([0x80]);
  expect([...(readUnsigned(readElement(tlv(0x02, Buffer.from([0])))) ?? [])]).toEqual([0]);
});
