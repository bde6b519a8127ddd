/** SCTs that a certificate carries are counted, and a list that is none is no count. */
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { makePki, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());

/** The extension's value: an OCTET STRING around the list. */
function withList(hex: string): number | undefined {
  const length = (hex.length / 2).toString(16).padStart(2, '0');
  const extension = `1.3.6.1.4.1.11129.2.4.2=DER:04${length}${hex}`;
  const { cert } = pki.leaf({ cn: 'delegate-1', extensions: [extension] });
  return readCertificate(toDer(cert))?.extensions.signedCertificateTimestamps;
}

test.for([
  ['no SCT', '0000', 0],
  ['one of three octets', '00050003aabbcc', 1],
  ['two of unlike length', '00080003aabbcc0001dd', 2],
  ['a list that claims more than there is', '00090003aabbcc', undefined],
  ['an item that claims more than there is', '00050009aabbcc', undefined],
] as const)('%s', ([, hex, expected]) => {
  expect(withList(hex)).toBe(expected);
});
