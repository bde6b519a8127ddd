import { expect, test } from 'vitest';
import { ja3, ja3s, ja4 } from '../../src/tls/fingerprint.ts';
import type { ClientHello } from '../../src/tls/wire.ts';

const empty: ClientHello = {
  legacyVersion: 0x0301,
  sizeBytes: 0,
  supportedVersions: [],
  cipherSuites: [],
  groups: [],
  keyShares: [],
  signatureAlgorithms: [],
  pointFormats: [],
  extensions: [],
  alpn: [],
};

test('JA3 of the two published examples', () => {
  const first = {
    ...empty,
    cipherSuites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
    extensions: [0, 10, 11],
    groups: [23, 24, 25],
    pointFormats: [0],
  };
  expect(ja3(first)).toEqual({
    text: '769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0',
    md5: 'ada70206e40642a3e4461f35503241d5',
  });
  const second = { ...empty, cipherSuites: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99] };
  expect(ja3(second).md5).toBe('de350869b8c85de67a350c8d186f11e6');
});

test('JA3S joins version, suite and extensions of the answer', () => {
  const hello = {
    version: 769,
    legacyVersion: 769,
    cipherSuite: 47,
    extensions: [65281, 0, 11, 35, 5, 16],
  };
  expect(ja3s(hello)).toEqual({
    text: '769,47,65281-0-11-35-5-16',
    md5: '836ce314215654b5b1f85f97c73e506f',
  });
});

/** The published example of JA4: a browser's hello, with GREASE as it sends it. */
const browser: ClientHello = {
  ...empty,
  legacyVersion: 0x0303,
  supportedVersions: [0x6a6a, 0x0304, 0x0303],
  cipherSuites: [
    ...[0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013],
    ...[0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
  ],
  extensions: [
    ...[0x5a5a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023],
    ...[0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xcaca],
  ],
  signatureAlgorithms: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  alpn: ['h2', 'http/1.1'],
};

test('JA4 of the published example, GREASE left out', () => {
  expect(ja4(browser)).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

test.for([
  ['no server name is i', { extensions: [0x0a] }, /^t13i1501/],
  [
    'no signature algorithms leave no underscore behind',
    { signatureAlgorithms: [] },
    /^t13d1516h2_8daaf6152771_6d807ffa2a79$/,
  ],
  [
    'no suites and no extensions hash to zeros',
    { cipherSuites: [], extensions: [] },
    /^t13i0000h2_0{12}_0{12}$/,
  ],
  ['no ALPN is 00', { alpn: [] }, /^t13d151600_/],
  ['an ALPN that is not alphanumeric shows its hex ends', { alpn: ['\xab\xcd'] }, /^t13d1516ad_/],
  ['without supported_versions the legacy field counts', { supportedVersions: [] }, /^t12/],
  ['an unknown version is 00', { supportedVersions: [0x7f12] }, /^t00/],
] as const)('in JA4 %s', ([, change, expected]) => {
  expect(ja4({ ...browser, ...change })).toMatch(expected);
});
