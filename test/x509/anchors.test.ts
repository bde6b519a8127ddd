/** Anchors are found by the name that an issuer field asks for, however it is written. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { toAnchors } from '../../src/x509/anchors.ts';
import { name, tlv, utf8String } from '../support/der-writer.ts';
import { makePki, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const wanted = toDer(pki.ca('Gateway CA').cert);
const namesake = toDer(pki.ca('Gateway CA').cert);
const others = rootCertificates.map((pem) => new X509Certificate(pem).raw);
const anchors = toAnchors([...others, wanted, namesake]);

const found = (nameDer: Uint8Array): readonly Uint8Array[] =>
  anchors.named(nameDer).map(({ der }) => der);

test.for([
  ['as it stands', utf8String('Gateway CA')],
  ['in another string type', tlv(0x13, Buffer.from('Gateway CA'))],
  ['in other letter case, with more space', utf8String('gateway   ca')],
] as const)('a name %s finds every anchor of that name', ([, value]) => {
  expect(found(name(['2.5.4.3', value]))).toEqual([wanted, namesake]);
});

test.for([
  ['of nobody', name(['2.5.4.3', utf8String('Gateway CA 2')])],
  [
    'with one more attribute',
    name(['2.5.4.3', utf8String('Gateway CA')], ['2.5.4.10', utf8String('X')]),
  ],
  ['that is none', Buffer.from('Gateway CA')],
  ['without octets', Buffer.alloc(0)],
] as const)('a name %s finds none', ([, nameDer]) => {
  expect(found(nameDer)).toEqual([]);
});

test('what is no certificate does not count', () => {
  const broken = [Buffer.alloc(0), Buffer.from('3003020101', 'hex'), wanted.subarray(0, -1)];
  expect(toAnchors(broken).count).toBe(0);
  expect(anchors.count).toBe(others.length + 2);
});
