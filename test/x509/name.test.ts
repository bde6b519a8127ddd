/** Distinguished names read as RFC 4514 text that is safe to print and can be compared. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameName, readName } from '../../src/x509/name.ts';
import { name, objectIdentifier, sequence, set, tlv, utf8String } from '../support/der-writer.ts';

const cn = '2.5.4.3';

test('RDNs stand in reverse order, with the short names of the usual attributes', () => {
  const der = name(
    ['0.9.2342.19200300.100.1.25', tlv(0x16, Buffer.from('org'))],
    ['2.5.4.6', tlv(0x13, Buffer.from('DE'))],
    ['2.5.4.8', utf8String('Bayern')],
    ['2.5.4.7', utf8String('München')],
    ['2.5.4.9', utf8String('Platz 1')],
    ['2.5.4.10', utf8String('Example')],
    ['2.5.4.11', utf8String('Edge')],
    ['2.5.4.5', utf8String('7')],
    ['0.9.2342.19200300.100.1.1', utf8String('u1')],
    ['1.2.840.113549.1.9.1', tlv(0x16, Buffer.from('a@b'))],
    [cn, utf8String('Delegate CA')],
  );
  expect(readName(der)).toBe(
    'CN=Delegate CA,emailAddress=a@b,UID=u1,serialNumber=7,OU=Edge,O=Example,STREET=Platz 1,L=München,ST=Bayern,C=DE,DC=org',
  );
});

test.for([
  ['a comma and a plus', 'a,b+c', 'a\\,b\\+c'],
  ['quotes, angles, semicolon and backslash', '"<x>;\\', '\\"\\<x\\>\\;\\\\'],
  ['a space at both ends', ' a b ', '\\ a b\\ '],
  ['one space', ' ', '\\ '],
  ['a number sign in front only', '#a#', '\\#a#'],
  ['an equals sign, which needs no escape', 'a=b', 'a=b'],
  ['NUL, LF and ESC', 'a\0\n\u001b[31m', 'a\\00\\0A\\1B[31m'],
  ['a control of C1', 'a\u0085b', 'a\\C2\\85b'],
  ['a bidirectional override', 'a\u202eb', 'a\\u202eb'],
] as const)('%s is escaped', ([, value, expected]) => {
  expect(readName(name([cn, utf8String(value)]))).toBe(`CN=${expected}`);
});

test.for([
  ['UTF8String', tlv(0x0c, Buffer.from('Zoë')), 'Zoë'],
  ['PrintableString', tlv(0x13, Buffer.from('Zoe')), 'Zoe'],
  ['IA5String', tlv(0x16, Buffer.from('Zoe')), 'Zoe'],
  ['T61String', tlv(0x14, Buffer.from('Zoë', 'latin1')), 'Zoë'],
  ['BMPString', tlv(0x1e, Buffer.from('Zoë', 'utf16le').swap16()), 'Zoë'],
  ['UniversalString', tlv(0x1c, Buffer.from([0, 1, 0xf6, 0, 0, 0, 0, 0x5a])), '😀Z'],
  ['UTF-8 that is none', tlv(0x0c, Buffer.from([0x5a, 0xff])), '#0c025aff'],
  ['half a BMP character', tlv(0x1e, Buffer.from([0x5a])), '#1e015a'],
  ['a character beyond Unicode', tlv(0x1c, Buffer.from([1, 0, 0, 0])), '#1c0401000000'],
  ['no string at all', tlv(0x02, Buffer.from([5])), '#020105'],
] as const)('a value of %s reads', ([, value, expected]) => {
  expect(readName(name([cn, value]))).toBe(`CN=${expected}`);
});

test('an attribute without a short name is its number and the hex of its value', () => {
  expect(readName(name(['1.2.3.4', utf8String('x')]))).toBe('1.2.3.4=#0c0178');
});

test('the values of one RDN are joined by a plus', () => {
  const pair = [cn, '2.5.4.10'].map((oid) => sequence(objectIdentifier(oid), utf8String('x')));
  expect(readName(sequence(set(...pair)))).toBe('CN=x+O=x');
});

test('the empty name is the empty text', () => {
  expect(readName(sequence())).toBe('');
});

test('a name of 100,000 characters is cut, and says so', () => {
  const text = readName(
    name(...Array.from({ length: 20 }, () => [cn, utf8String('x'.repeat(5000))] as const)),
  );
  expect(text).toHaveLength(1024);
  expect(text?.endsWith('…')).toBe(true);
});

test('octets that are no name, and names with octets behind them, are undefined', () => {
  const good = name([cn, utf8String('x')]);
  expect(readName(Buffer.concat([good, Buffer.from([0])]))).toBeUndefined();
  expect(readName(sequence(set()))).toBeUndefined();
  expect(readName(sequence(utf8String('x')))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (garbage) => {
      const text = readName(garbage);
      expect(text === undefined || text.length <= 1024).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a name mangled in one octet never throws and stays printable', () => {
  const good = name([cn, utf8String('Delegate CA')], ['2.5.4.10', utf8String('A, B')]);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, octet) => {
      const mangled = Buffer.from(good);
      mangled[at] = octet;
      expect(readName(mangled) ?? '').not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 2000 },
  );
});

test('names are the same whatever their string type, case and runs of space', () => {
  const printable = name([cn, tlv(0x13, Buffer.from('Delegate  CA'))]);
  const utf8 = name([cn, utf8String('delegate ca')]);
  expect(isSameName(printable, utf8)).toBe(true);
  expect(isSameName(printable, name([cn, utf8String('Delegate CB')]))).toBe(false);
});
