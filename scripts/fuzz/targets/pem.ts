/** Text in PEM, and what is none. */
import { readAnchorFile, readCertificateFile } from '../../../src/credential/read-certificates.ts';
import { readKeyFile } from '../../../src/credential/read-key.ts';
import { readPem, toPem, whatIsNotPem } from '../../../src/x509/pem.ts';
import { corpusFiles, corpusNames, readDecoded } from '../../../test/corpus/files.ts';
import { decode, type FuzzTarget, hold, holdSafe } from '../target.ts';

const certificates = corpusNames()
  .flatMap((name) => readDecoded(corpusFiles(name)).serverCertificates ?? [])
  .slice(0, 3)
  .map((hex) => toPem('CERTIFICATE', Buffer.from(hex, 'hex')));

export const pem: FuzzTarget = {
  seeds: [
    ...certificates,
    certificates.join('# between\r\n'),
    toPem('PRIVATE KEY', Buffer.alloc(64, 0x30)),
  ].map((text) => Buffer.from(text)),
  words: [
    '-----BEGIN ',
    '-----END ',
    'CERTIFICATE-----',
    '\r\n',
    '=',
    'Proc-Type: 4,ENCRYPTED\n',
    '\ufeff',
  ],
  run: (input) => {
    const octets = Buffer.from(input);
    const blocks = readPem(decode(input));
    hold(
      blocks.reduce((sum, { der }) => sum + der.length, 0) <= input.length,
      'PEM gave more than it had',
    );
    whatIsNotPem(octets);
    const file = { octets, seen: { path: 'fuzz.pem' } };
    holdSafe(readCertificateFile(file).seen, 'a certificate file');
    holdSafe(readAnchorFile(file).seen, 'an anchor file');
    holdSafe(readKeyFile(file, undefined).seen, 'a key file');
  },
};
