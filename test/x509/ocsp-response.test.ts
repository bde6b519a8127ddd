import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { readOcspResponse } from '../../src/x509/ocsp-response.ts';
import { mintCertificates, mintOcspResponse } from '../tls/recorder.ts';

const certificates = mintCertificates();
const revoked = mintOcspResponse(certificates, '240102030405Z');
const good = mintOcspResponse(certificates);
afterAll(() => certificates.remove());

const serialNumber = new X509Certificate(certificates.pem('ec.crt')).serialNumber.toLowerCase();

test('status, serial number and dates are those that the openssl command prints', () => {
  const text = execFileSync('openssl', ['ocsp', '-respin', 'ocsp.der', '-resp_text', '-noverify'], {
    cwd: certificates.directory,
    encoding: 'latin1',
  });
  const dateOf = (label: string): string => {
    const date = new RegExp(`${label}: (.*)`).exec(text)?.[1] ?? '';
    return new Date(date).toISOString().replace('.000Z', 'Z');
  };
  expect(readOcspResponse(good)).toEqual({
    responseStatus: 0,
    producedAt: dateOf('Produced At'),
    responses: [
      {
        serialNumber,
        certStatus: 'good',
        thisUpdate: dateOf('This Update'),
        nextUpdate: dateOf('Next Update'),
      },
    ],
  });
});

test('a revoked certificate comes with its date', () => {
  expect(readOcspResponse(revoked)?.responses).toMatchObject([
    { serialNumber, certStatus: 'revoked', revokedAt: '2024-01-02T03:04:05Z' },
  ]);
});

test('a refusal to answer has a status and no answers', () => {
  const tryLater = Buffer.from('30030a0103', 'hex');
  expect(readOcspResponse(tryLater)).toEqual({ responseStatus: 3, responses: [] });
});

test('no part of a response reads as one, and none throws', () => {
  for (let length = 0; length < good.length; length += 1) {
    expect(readOcspResponse(good.subarray(0, length))).toBeUndefined();
  }
});

test('no response with one octet changed throws', () => {
  const whole = new Uint8Array(good);
  const results = good.map((octet, at) => (readOcspResponse(whole.with(at, octet ^ 0x85)) ? 1 : 0));
  expect(results).toHaveLength(good.length);
});
