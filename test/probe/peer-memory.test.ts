/** What is remembered of gateways' certificates is what reading them again would say, and is bounded. */
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { seeCertificate } from '../../src/evidence/certificate-seen.ts';
import { PeerMemory } from '../../src/probe/peer-memory.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const der = (pem: string): Uint8Array => new X509Certificate(pem).raw;

test('a certificate is read once, and each by its own octets', () => {
  const pki = makePki(temporaryDirectory());
  const [one, other] = [pki.server().cert, pki.server().cert].map(der);
  const { see } = new PeerMemory();
  const first = see(one!);
  expect(first).toEqual(seeCertificate(one!));
  expect(see(new Uint8Array(one!))).toBe(first);
  expect(see(other!)).toEqual(seeCertificate(other!));
});

test('a judgement holds for the same certificate under the same name only', () => {
  const memory = new PeerMemory();
  const [one, other] = [Uint8Array.of(1), Uint8Array.of(2)];
  expect(memory.judgement(one, 'a', () => '')).toBe('');
  expect(memory.judgement(one, 'a', () => 'NOT_ASKED')).toBe('');
  expect(memory.judgement(one, 'b', () => 'NAME')).toBe('NAME');
  expect(memory.judgement(other, 'a', () => 'OTHER')).toBe('OTHER');
});

test('a peer with a new certificate each time fills no memory: the oldest is forgotten', () => {
  const memory = new PeerMemory();
  const number = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 0xff);
  for (let n = 0; n <= 256; n += 1) memory.judgement(number(n), 'a', () => `${n}`);
  expect(memory.judgement(number(1), 'a', () => 'again')).toBe('1');
  expect(memory.judgement(number(0), 'a', () => 'again')).toBe('again');
});

test('octets that are large are read each time', () => {
  const { see } = new PeerMemory();
  const large = new Uint8Array(8 * 1024 + 1);
  expect(see(large)).not.toBe(see(large));
  expect(see(large)).toEqual(seeCertificate(large));
});
