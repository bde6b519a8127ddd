/** PEM is found as people leave it lying around, and what is no PEM is named. */
import { expect, test } from 'vitest';
import { readPem, toPem, whatIsNotPem } from '../../src/x509/pem.ts';
import { objectIdentifier, sequence, tlv } from '../support/der-writer.ts';

const octets = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
const block = toPem('CERTIFICATE', octets);

test.for([
  ['as written', block],
  ['with CRLF', block.replaceAll('\n', '\r\n')],
  ['behind a byte order mark', `\ufeff${block}`],
  ['between other lines', `subject=CN = a\n${block}more: text\n`],
  ['with spaces at line ends', block.replaceAll('\n', '  \n')],
  ['without a line end at the end', block.trimEnd()],
] as const)('a block is read %s', ([, text]) => {
  const [only, ...rest] = readPem(text);
  expect(rest).toEqual([]);
  expect(only?.label).toBe('CERTIFICATE');
  expect(octets.equals(only!.der)).toBe(true);
  expect(only?.text).toBe(block);
});

test('blocks stand in the order of the file', () => {
  const labels = readPem(toPem('EC PARAMETERS', octets) + toPem('EC PRIVATE KEY', octets) + block);
  expect(labels.map(({ label }) => label)).toEqual([
    'EC PARAMETERS',
    'EC PRIVATE KEY',
    'CERTIFICATE',
  ]);
});

test('headers of an encrypted key of the old form are kept apart from its octets', () => {
  const text = block.replace(
    '-----\n',
    '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n',
  );
  const [only] = readPem(text);
  expect(only?.headers).toEqual(['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00']);
  expect(octets.equals(only!.der)).toBe(true);
  expect(only?.text).toBe(text);
});

test.for([
  ['no end', block.replace(/-----END.*\n/, '')],
  ['the end of another label', block.replace('END CERTIFICATE', 'END X')],
  ['no base64', block.replace('AAEC', 'A*EC')],
] as const)('a block with %s keeps its label and has no octets', ([, text]) => {
  const [first] = readPem(text);
  expect(first?.label).toBe('CERTIFICATE');
  expect(first?.der).toHaveLength(0);
});

test('a boundary that does not fill its line is none', () => {
  expect(readPem(block.replaceAll('\n', '\\n'))).toEqual([]);
  expect(readPem(` ${block}`)).toEqual([]);
});

test('a megabyte of openings is read in a moment', () => {
  const before = performance.now();
  expect(readPem('-----BEGIN A-----\n'.repeat(58_000)).length).toBe(58_000);
  expect(performance.now() - before).toBeLessThan(2000);
});

test.for([
  ['empty', ''],
  ['empty', ' \n'],
  ['der', sequence(tlv(0x05))],
  [
    'pkcs12',
    sequence(tlv(0x02, Buffer.from([3])), sequence(objectIdentifier('1.2.840.113549.1.7.1'))),
  ],
  ['base64-of-pem', Buffer.from(block).toString('base64')],
  [
    'base64-of-pem',
    `${(
      Buffer.from(block)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n')}\n`,
  ],
  ['no-pem-block', 'client.crt'],
  ['no-pem-block', Buffer.from(`\ufeff${block}`, 'utf16le')],
  ['no-pem-block', Buffer.from('not PEM').toString('base64')],
] as const)('%s is told from the others (%#)', ([expected, content]) => {
  expect(whatIsNotPem(Buffer.from(content))).toBe(expected);
});
