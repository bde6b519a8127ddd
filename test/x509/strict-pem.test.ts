/** Files that OpenSSL loads, and those that it gives up: told as the `openssl` command tells them. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPemFault } from '../../src/x509/strict-pem.ts';
import { makePki, openssl } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const root = pki.ca('Root');
const { cert, key } = root;
const other = pki.ca('Other').cert;
const lines = cert.trimEnd().split('\n');
const crl = pki.crl(root);
const base64 = lines.slice(1, -1).join('');
const framed = (body: string, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const trusted = openssl(['x509', '-trustout', '-addtrust', 'clientAuth'], cert).toString();

/** Block and reason; absent for what loads. */
const table: readonly (readonly [name: string, text: string, fault?: string])[] = [
  ['one certificate', cert],
  ['two', cert + other],
  ['text around them', `Root:\n\n${cert}\nOther:\n${other}\nend`],
  ['no line feed at the end', cert.trimEnd()],
  ['CRLF', cert.replaceAll('\n', '\r\n')],
  ['spaces behind its lines', cert.replaceAll('\n', '  \t\n')],
  ['a byte order mark', `\u00ef\u00bb\u00bf${cert}`],
  ['a byte order mark before the second', `${cert}\u00ef\u00bb\u00bf${other}`],
  ['base64 in one line', framed(base64)],
  ['base64 in lines of 76', framed(base64.match(/.{1,76}/g)?.join('\n') ?? '')],
  ['a key beside it', key + cert],
  ['a list beside it', cert + openssl(['crl', '-in', crl]).toString()],
  ['the old label', cert.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ["OpenSSL's own label", trusted],
  ['an empty line before the base64', framed(`\n${lines.slice(1, -1).join('\n')}`)],
  ['a block of another kind', `${cert}${framed('AAAA', 'SOMETHING')}`],
  ['spaces before its first boundary', ` ${cert}`, '0 no-certificate'],
  ['bare carriage returns', cert.replaceAll('\n', '\r'), '0 no-certificate'],
  ['bare carriage returns in the second', cert + other.replaceAll('\n', '\r')],
  ['nothing', '', '0 no-certificate'],
  ['a key alone', key, '0 no-certificate'],
  ['the second cut short', cert + other.slice(0, 200), '2 no-end'],
  ['the first cut short', `${lines.slice(0, 3).join('\n')}\n${other}`, '1 no-end'],
  [
    'the first without its last line',
    `${lines.slice(0, -1).join('\n')}\n${other}`,
    '1 swallows-the-next',
  ],
  ['another label at its end', cert.replace('END CERTIFICATE', 'END CERT'), '1 no-end'],
  ['glued at the boundaries', `${cert.trimEnd()}${other}`, '1 no-end'],
  [
    'an empty line within',
    [...lines.slice(0, 4), '', ...lines.slice(4), ''].join('\n'),
    '1 broken-lines',
  ],
  ['a character that is no base64', cert.replace(/\n(.)/, '\n*'), '1 no-base64'],
  ['three octets of base64 missing', framed(base64.slice(0, -3)), '1 no-base64'],
  ['octets missing', framed(base64.slice(0, -40)), '1 does-not-decode'],
  ['a block of garbage behind it', cert + framed('AAAA'), '2 does-not-decode'],
  ['a block without octets', cert + framed(''), '2 no-base64'],
  ['a broken block of another kind', cert + framed('*', 'SOMETHING'), '2 no-base64'],
  ['a broken list', cert + framed('AAAA', 'X509 CRL'), '2 does-not-decode'],
];

test.for(table)('%s', ([name, text, expected]) => {
  const fault = findPemFault(Buffer.from(text, 'latin1'));
  expect(fault && `${fault.block} ${fault.reason}`).toBe(expected);
  const isRefused = fault !== undefined && fault.reason !== 'swallows-the-next';
  expect(isLoaded(Buffer.from(text, 'latin1')), name).toBe(!isRefused);
});

test('whatever is done to a file, OpenSSL and we agree', () => {
  const both = Buffer.from(cert + other, 'latin1');
  const octets = fc.constantFrom(
    '\n',
    '\r',
    ' ',
    '-',
    '=',
    'A',
    '*',
    ':',
    '\u00ff',
    '\n\n',
    '-----',
  );
  const change = fc.tuple(fc.nat(both.length), fc.nat(70), octets);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      const changed = changes.reduce(
        (text, [at, length, inserted]) =>
          Buffer.concat([
            text.subarray(0, at),
            Buffer.from(inserted, 'latin1'),
            text.subarray(at + (length % 5 === 0 ? length : 0)),
          ]),
        both,
      );
      const reason = findPemFault(changed)?.reason ?? 'swallows-the-next';
      expect(reason === 'swallows-the-next').toBe(isLoaded(changed));
    }),
    { numRuns: 50 },
  );
});

/** By the very call that nginx, HAProxy and Python load trust anchors with. */
function isLoaded(octets: Uint8Array): boolean {
  try {
    execFileSync(
      'openssl',
      ['verify', '-CAfile', pki.write('candidate.pem', octets), root.certPath],
      { stdio: 'pipe' },
    );
    return true;
  } catch (error) {
    return !String((error as { stderr: Buffer }).stderr).includes('Error loading file');
  }
}
