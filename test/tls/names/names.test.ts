import { execFileSync } from 'node:child_process';
import { getCiphers } from 'node:tls';
import { expect, test } from 'vitest';
import { cipherSuiteName, cipherSuites } from '../../../src/tls/names/cipher-suites.ts';
import { extensionName } from '../../../src/tls/names/extensions.ts';
import { groupName } from '../../../src/tls/names/groups.ts';
import { handshakeTypeName } from '../../../src/tls/names/handshake-types.ts';
import { signatureSchemeName } from '../../../src/tls/names/signature-schemes.ts';
import { versionName } from '../../../src/tls/names/versions.ts';

test('every suite that the openssl command knows has the name it gives it', () => {
  const all = 'ALL:COMPLEMENTOFALL@SECLEVEL=0';
  const listing = execFileSync('openssl', ['ciphers', '-V', '-stdname', all], {
    encoding: 'latin1',
  });
  const rows = [...listing.matchAll(/0x(\w\w),0x(\w\w) - (TLS_\w+)/g)];
  expect(rows.length).toBeGreaterThan(100);
  for (const [, high, low, name = ''] of rows) {
    expect(cipherSuiteName(Number(`0x${high}${low}`))).toBe(name);
  }
});

test('there are more suites than Node speaks, and no name stands twice', () => {
  const names = Object.values(cipherSuites);
  expect(names.length).toBeGreaterThan(getCiphers().length);
  expect(new Set(names).size).toBe(names.length);
});

test.for([
  [versionName, 0x0304, '1.3'],
  [versionName, 0x0300, 'SSL 3.0'],
  [groupName, 29, 'x25519'],
  [groupName, 4587, 'SecP256r1MLKEM768'],
  [groupName, 4588, 'X25519MLKEM768'],
  [groupName, 256, 'ffdhe2048'],
  [signatureSchemeName, 0x0804, 'rsa_pss_rsae_sha256'],
  [signatureSchemeName, 0x0905, 'mldsa65'],
  [extensionName, 22, 'encrypt_then_mac'],
  [extensionName, 65281, 'renegotiation_info'],
  [handshakeTypeName, 13, 'certificate_request'],
] as const)('%o names %i %s', ([nameOf, number, name]) => {
  expect(nameOf(number)).toBe(name);
});

test('a number without a name is shown in hex, at least four digits', () => {
  expect(cipherSuiteName(0x1a2b)).toBe('0x1a2b');
  expect(groupName(0x0a)).toBe('sect283r1');
  expect(extensionName(0x00ff)).toBe('0x00ff');
  expect(handshakeTypeName(99)).toBe('unknown');
});
