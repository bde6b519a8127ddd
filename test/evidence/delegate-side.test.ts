/** Whether Java would trust what a server sends: every verdict here was compared once with that of Java 17 itself. */
import { expect, test } from 'vitest';
import { toDelegateSide } from '../../src/evidence/delegate-side.ts';
import { toAnchors } from '../../src/x509/anchors.ts';
import { type Issued, makePki, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const now = Date.now();
const day = 86_400_000;
const past = { notBefore: new Date(now - 100 * day), notAfter: new Date(now - 10 * day) };
const root = pki.ca('Root CA');
const other = pki.ca('Other CA');
const oldRoot = pki.ca('Old Root CA', past);
const intermediate = pki.ca('Issuing CA', { ca: root });
const oldIntermediate = pki.ca('Old Issuing CA', { ca: root, ...past });
const noCa = pki.leaf({ cn: 'No CA', ca: root, eku: null });
const noSigner = pki.ca('No Signer', { ca: root, keyUsage: 'cRLSign' });
const leaf = pki.server({ ca: intermediate });
const direct = pki.server({ ca: root });
const underOldRoot = pki.server({ ca: oldRoot });
const underOldIntermediate = pki.server({ ca: oldIntermediate });
const expired = pki.server({ ca: root, ...past });
const early = pki.server({ ca: root, notBefore: new Date(now + day) });
const forClients = pki.server({ ca: root, eku: 'clientAuth' });
const elsewhere = pki.server({ ca: root, san: 'DNS:elsewhere.example' });
const namesake = pki.ca('Root CA');

const ders = (certificates: readonly Issued[]): readonly Buffer[] =>
  certificates.map(({ cert }) => toDer(cert));

const verdict = (anchors: readonly Issued[], sent: readonly Issued[]) => {
  const side = toDelegateSide({}, toAnchors(ders(anchors)));
  const { trustsServer, distrust } = side.see(ders(sent), now);
  return distrust ?? trustsServer;
};

test.for([
  ['leaf and intermediate', [root], [leaf, intermediate], true],
  ['the root sent along', [root], [leaf, intermediate, root], true],
  ['the chain out of order', [root], [leaf, root, intermediate], true],
  ['a stray and a duplicate beside it', [root], [leaf, other, leaf, intermediate], true],
  ['no intermediate', [root], [leaf], 'no-path'],
  ['no intermediate, which is itself an anchor', [intermediate], [leaf], true],
  [
    'an intermediate that is an anchor, without its root',
    [intermediate],
    [leaf, intermediate],
    true,
  ],
  ['another root', [other], [direct], 'no-path'],
  ['another root of the same name', [namesake], [direct, root], 'no-path'],
  ['both roots of the same name', [namesake, root], [direct], true],
  ['an empty store', [], [direct, root], 'no-path'],
  ['a root that has expired', [oldRoot], [underOldRoot], true],
  ['a root that has expired, sent along', [oldRoot], [underOldRoot, oldRoot], true],
  ['an intermediate that has expired', [root], [underOldIntermediate, oldIntermediate], 'expired'],
  ['that intermediate as an anchor', [oldIntermediate], [underOldIntermediate], true],
  ['a leaf that has expired', [root], [expired], 'expired'],
  ['that leaf as an anchor', [expired], [expired], true],
  ['a leaf that is not valid yet', [root], [early], 'not-yet-valid'],
  ['a leaf for clients', [root], [forClients], 'purpose'],
  ['a leaf for another host', [root], [elsewhere], true],
  ['an issuer that is no CA', [root], [pki.server({ ca: noCa }), noCa], 'not-a-ca'],
  [
    'an issuer that may sign no certificate',
    [root],
    [pki.server({ ca: noSigner }), noSigner],
    'not-a-ca',
  ],
] as const)('%s: %s', ([, anchors, sent, expected]) => {
  expect(verdict(anchors, sent)).toBe(expected);
});

test('of two intermediates with one key, the one in date makes the path', () => {
  const renewed = pki.ca('Old Issuing CA', { ca: root, keyPath: oldIntermediate.keyPath });
  expect(verdict([root], [underOldIntermediate, oldIntermediate, renewed])).toBe(true);
});

test('a chain of certificates that all issued each other is given up', () => {
  const first = pki.ca('Ring');
  const ring = Array.from({ length: 12 }, () =>
    pki.ca('Ring', { ca: first, keyPath: first.keyPath }),
  );
  const before = performance.now();
  expect(verdict([other], [pki.server({ ca: first }), ...ring])).toBe('no-path');
  expect(performance.now() - before).toBeLessThan(3000);
});

test.for([
  ['no chain was seen', toAnchors([]), undefined],
  ['an empty chain was seen', toAnchors([]), []],
  ['what was seen is no certificate', toAnchors([]), [Buffer.from('x')]],
  ['the anchors are not known', undefined, ders([direct])],
] as const)('nothing is said when %s', ([, anchors, sent]) => {
  expect(toDelegateSide({}, anchors).see(sent, now)).toEqual({});
});

test.for([
  ['wrong-password', 'jks'],
  ['damaged', 'jks'],
  ['unreadable-format', 'pem'],
] as const)('a store with %s (%s) is unusable to Java as well', ([fault, format]) => {
  const seen = { trustStore: { file: { path: '/cacerts' }, format, fault } };
  expect(toDelegateSide(seen).see(ders([direct]), now)).toEqual({
    ...seen,
    trustsServer: false,
    distrust: 'store-unusable',
  });
});
