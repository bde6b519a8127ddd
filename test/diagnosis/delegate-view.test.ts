/** What the Java delegate would see where we looked, and why it differs. */
import { expect, test } from 'vitest';
import { delegateView } from '../../src/diagnosis/delegate-view.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type {
  CertificateSeen,
  DelegateSeen,
  Evidence,
  KeySeen,
} from '../../src/evidence/evidence.ts';
import {
  alertSeen,
  credential,
  evidence,
  otherCa,
  ourCertificate,
  refusedWith,
  serverCertificate,
  stoppedAt,
  stoppedLocally,
  tlsSeen,
  unconfigured,
  untrusted,
} from '../support/evidence.ts';

const trustStore = { file: { path: '/cacerts' }, format: 'jks', anchors: 145 } as const;
const trusting: DelegateSeen = { trustStore, trustsServer: true };
const distrusting: DelegateSeen = { trustStore, trustsServer: false, distrust: 'no-path' };
const trustingAll: DelegateSeen = { ...distrusting, trustsAll: true };
const unknowing: DelegateSeen = {};

const beside = (delegate: DelegateSeen, changes: Partial<Evidence> = {}): Evidence =>
  evidence({ delegate, ...changes });
const warningsOf = (seen: Evidence): readonly string[] =>
  diagnose(seen).warnings.map(({ code }) => code);

test('nothing is said where nothing speaks of a delegate', () => {
  expect(delegateView(evidence())).toBeUndefined();
  expect(diagnose(evidence())).not.toHaveProperty('delegateView');
});

test('a delegate whose rules find no fault fares as we do', () => {
  expect(diagnose(beside(trusting)).delegateView).toEqual({
    outcome: 'accepted',
    because: 'Its trust store verifies the server, and the rest of its rules leads to what we saw.',
  });
  expect(warningsOf(beside(trusting))).toEqual([]);
});

const rsa: KeySeen = { algorithm: 'rsa', bits: 2048, label: 'PRIVATE KEY', encrypted: false };

test.for<readonly [string, Partial<KeySeen>, string | undefined]>([
  ['RSA in PKCS#8', {}, undefined],
  ['RSA in PKCS#1', { label: 'RSA PRIVATE KEY' }, 'block RSA PRIVATE KEY'],
  ['EC in PKCS#8', { algorithm: 'ec', bits: 256 }, 'type ec'],
  ['EC in SEC 1', { algorithm: 'ec', label: 'EC PRIVATE KEY' }, 'block EC PRIVATE KEY'],
  ['Ed25519', { algorithm: 'ed25519' }, 'type ed25519'],
  ['RSA only for PSS', { algorithm: 'rsa-pss' }, 'type rsa-pss'],
  [
    'RSA encrypted, with its passphrase',
    { encrypted: true, label: 'ENCRYPTED PRIVATE KEY', passphraseOpensIt: true },
    'is encrypted',
  ],
  [
    'RSA encrypted in its old form',
    { encrypted: true, label: 'RSA PRIVATE KEY', passphraseOpensIt: true },
    'is encrypted',
  ],
  ['two keys in one file', { blocks: 2 }, 'holds 2 private keys'],
])('%s', ([, changes, word]) => {
  const seen = beside(trusting, { credential: credential({ key: { ...rsa, ...changes } }) });
  const view = delegateView(seen);
  if (word === undefined) {
    expect(view?.outcome).toBe('accepted');
    expect(warningsOf(seen)).toEqual([]);
    return;
  }
  expect(view?.outcome).toBe('failed');
  expect(view?.because).toContain(word);
  expect(warningsOf(seen)).toEqual(['client-key-unusable-by-delegate']);
  const { delegate: _, ...alone } = seen;
  expect(warningsOf(alone)).toEqual([]);
});

test('a key that the delegate cannot use is an alternative where we are refused', () => {
  const key = { ...rsa, algorithm: 'ec' };
  const refused = refusedWith(42, { delegate: trusting, credential: credential({ key }) });
  const { cause, alternatives, warnings } = diagnose(refused);
  expect(cause?.code).toBe('gateway-refused-our-certificate');
  expect(alternatives).toContainEqual({
    code: 'client-key-unusable-by-delegate',
    confidence: 'possible',
  });
  expect(warnings.map(({ code }) => code)).toContain('client-key-unusable-by-delegate');
});

const pathError = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
const nameError = 'ERR_TLS_CERT_ALTNAME_INVALID';
const stoppedByName = untrusted(nameError);
const stoppedByPath = untrusted(pathError);

test.for<readonly [string, Evidence, DelegateSeen, string, RegExp, readonly string[]]>([
  [
    'it does not trust a server that we trust',
    evidence(),
    distrusting,
    'failed',
    /does not trust the server, by its trust store \/cacerts: no certificate in it issued/,
    ['trust-stores-disagree'],
  ],
  [
    'the path has expired in its eyes',
    evidence(),
    { ...distrusting, distrust: 'expired' },
    'failed',
    /on the path has expired/,
    [],
  ],
  ['it trusts every server', evidence(), trustingAll, 'accepted', /trusts every server/, []],
  [
    'it trusts every server, where we stopped',
    stoppedByPath,
    trustingAll,
    'unconfirmed',
    /TRUST_ALL_CERTIFICATES\), so it goes on/,
    [],
  ],
  [
    'the name does not match, and it compares none',
    stoppedByName,
    trusting,
    'unconfirmed',
    /compares no host names, so it goes on where we stopped.*was not asked/,
    [],
  ],
  [
    'the name does not match, and the gateway refused us as well',
    { ...stoppedByName, alerts: [alertSeen(116)] },
    trusting,
    'rejected',
    /meets the refusal that we met/,
    ['untrusted-server-refused-us'],
  ],
  [
    'the name does not match, and its trust store was not found',
    stoppedByName,
    unknowing,
    'unconfirmed',
    /Whether it trusts the issuer is not known: no trust store was found/,
    [],
  ],
  [
    'it trusts what we do not',
    stoppedByPath,
    trusting,
    'unconfirmed',
    /store holds the issuer/,
    [],
  ],
  ['neither trusts the server', stoppedByPath, distrusting, 'failed', /does not trust/, []],
  [
    'we do not trust the server, and its store was not found',
    stoppedByPath,
    unknowing,
    'unconfirmed',
    /no trust store was found/,
    [],
  ],
  [
    'its store is of FIPS',
    evidence(),
    { trustStore: { file: { path: '/k' }, format: 'bcfks', fault: 'unreadable-format' } },
    'unconfirmed',
    /format BCFKS, which is not read here/,
    [],
  ],
  [
    'its store cannot be read by us',
    evidence(),
    { trustStore: { file: { path: '/k', error: 'EACCES' } } },
    'unconfirmed',
    /could not be read \(EACCES\)/,
    [],
  ],
  ['we are refused, and its store was not found', refusedWith(48), unknowing, 'rejected', /./, []],
])('%s', ([, seen, delegate, outcome, because, warnings]) => {
  const view = delegateView({ ...seen, delegate });
  expect(view?.outcome).toBe(outcome);
  expect(view?.because).toMatch(because);
  const { cause } = diagnose({ ...seen, delegate });
  const wanted = warnings.filter((code) => code !== cause?.code);
  expect(warningsOf({ ...seen, delegate })).toEqual(wanted);
});

test.for<readonly [string, Evidence, string]>([
  ['no address is found', stoppedAt('dns', { error: { code: 'ENOTFOUND' } }), 'at dns'],
  ['nothing listens', stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }), 'at tcp'],
  ['the proxy refuses', stoppedAt('proxy', { error: { code: 'PROXY_STATUS' } }), 'at proxy'],
  [
    'the key file is missing',
    stoppedLocally({ keyFile: { path: '/k', error: 'ENOENT' } }),
    'the same certificate and key',
  ],
  [
    'the key is another',
    stoppedLocally({ keyMatchesCertificate: false }),
    'the same certificate and key',
  ],
])('%s: it fails as well', ([, seen, word]) => {
  const view = delegateView({ ...seen, delegate: { trustStore } });
  expect(view?.outcome).toBe('failed');
  expect(view?.because).toContain(word);
});

test.for<readonly [string, Evidence]>([
  ['our CA file', stoppedLocally({ caFile: { path: '/ca', error: 'ENOENT' } })],
  ['a rule of OpenSSL', stoppedLocally({ loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' })],
])('that %s stopped us says nothing about it', ([, seen]) => {
  expect(delegateView({ ...seen, delegate: { trustStore } })?.outcome).toBe('unconfirmed');
});

const othersNamed = { certificateAuthorities: [otherCa] };

test.for<readonly [string, Evidence, string]>([
  ['we were refused with unknown_ca', refusedWith(48, {}, othersNamed), 'rejected'],
  ['we were accepted all the same', evidence({ tls: tlsSeen(othersNamed) }), 'unconfirmed'],
  [
    'the gateway takes those who send none',
    {
      ...evidence({ tls: tlsSeen(othersNamed) }),
      experiments: [{ changed: 'no-client-certificate', outcome: 'accepted', durationMs: 9 }],
    },
    'accepted',
  ],
  [
    'the gateway takes nobody who sends none',
    {
      ...evidence({ tls: tlsSeen(othersNamed) }),
      experiments: [{ changed: 'no-client-certificate', outcome: 'rejected', durationMs: 9 }],
    },
    'rejected',
  ],
])('Java sends no certificate where our issuer is not named: %s', ([, seen, outcome]) => {
  const view = delegateView({ ...seen, delegate: trusting });
  expect(view?.outcome).toBe(outcome);
  expect(view?.because).toMatch(/sends no certificate.*CN=Wrong CA.*\(116\).*\(40\)/);
  const codes = warningsOf({ ...seen, delegate: trusting });
  expect(codes.includes('delegate-sends-no-certificate')).toBe(outcome !== 'accepted');
});

test.for<readonly [string, Evidence]>([
  ['our issuer is named', evidence()],
  ['nobody is named', evidence({ tls: tlsSeen({ certificateAuthorities: [] }) })],
  [
    'an issuer further up in our file is named',
    evidence({
      tls: tlsSeen(othersNamed),
      credential: credential({
        chain: [{ sha256: 'f'.repeat(64), issuer: otherCa, subject: 'CN=Issuing CA' }],
      }),
    }),
  ],
  [
    'more are named than are kept, and ours may be among the rest',
    evidence({
      tls: tlsSeen({ certificateAuthorities: Array.from({ length: 64 }, (_, i) => `CN=${i}`) }),
    }),
  ],
  [
    'no certificate is asked for',
    evidence({ tls: tlsSeen({ ...othersNamed, clientCertificateRequested: false }) }),
  ],
  ['none is configured, for us as for it', unconfigured(evidence({ tls: tlsSeen(othersNamed) }))],
])('Java sends the certificate, or neither does: %s', ([, seen]) => {
  expect(delegateView({ ...seen, delegate: trusting })?.outcome).toBe('accepted');
});

const weakRoot: CertificateSeen = {
  ...serverCertificate({ signatureAlgorithm: 'sha1WithRSAEncryption', selfSigned: true }),
};

test.for<readonly [string, Partial<Evidence>, boolean]>([
  ['all is strong', {}, false],
  ['our key has 1024 bits', { clientCertificate: ourCertificate({ keyBits: 1024 }) }, true],
  ['our key has 2048 bits', { clientCertificate: ourCertificate({ keyBits: 2048 }) }, false],
  [
    'the key of the server is on P-192',
    { tls: tlsSeen({ serverCertificates: [serverCertificate({ keyBits: 192 })] }) },
    true,
  ],
  [
    'the key of the server is on P-224',
    { tls: tlsSeen({ serverCertificates: [serverCertificate({ keyBits: 224 })] }) },
    false,
  ],
  [
    'the certificate of the server is signed over SHA-1',
    {
      tls: tlsSeen({
        serverCertificates: [serverCertificate({ signatureAlgorithm: 'ecdsa-with-SHA1' })],
      }),
    },
    true,
  ],
  [
    'a root that came along is',
    { tls: tlsSeen({ serverCertificates: [serverCertificate(), weakRoot] }) },
    false,
  ],
])('FIPS: %s', ([, changes, refuses]) => {
  const seen = evidence(changes);
  const view = delegateView({ ...seen, delegate: { ...trusting, fips: true } });
  expect(view?.outcome).toBe(refuses ? 'failed' : 'accepted');
  expect(warningsOf({ ...seen, delegate: { ...trusting, fips: true } })).toEqual([
    ...(refuses && changes.clientCertificate ? ['client-certificate-weak'] : []),
    ...(refuses ? ['delegate-fips-refuses'] : []),
  ]);
  expect(delegateView({ ...seen, delegate: trusting })?.outcome).toBe('accepted');
});
