/**
 * Trust stores as Java keeps them: those that its own keytool made, and those that go wrong.
 *
 * The files beside this one come from keytool 17: `-importcert` into `-storetype JKS`, `PKCS12` and `JCEKS`, `-genkeypair`
 * for the key entry, `-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE` with `macAlgorithm=NONE` for the one without a
 * password, and `-J-Dkeystore.pkcs12.legacy` for RC2.
 */
import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { loadDelegate } from '../../../src/credential/java/load-delegate.ts';
import type { StorePassword } from '../../../src/credential/java/store-password.ts';
import { bcfks, jks, pkcs12 } from '../../support/java-trust-store.ts';
import { makePki, openssl } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const roots = rootCertificates.slice(0, 3).map((pem) => new X509Certificate(pem));
const [first, second, third] = roots.map(({ raw }) => raw) as [Buffer, Buffer, Buffer];
let count = 0;
function load(content: Uint8Array | string, password?: StorePassword) {
  count += 1;
  const path = typeof content === 'string' ? content : pki.write(`store-${count}`, content);
  const side = loadDelegate({
    trustStorePath: path,
    ...(password && { trustStorePassword: password }),
  });
  const { format, fault, anchors: holds } = side.seen.trustStore ?? {};
  const trusts = (der: Uint8Array) => side.see([der], Date.now()).trustsServer;
  return { said: { format, fault, holds }, trusts };
}

const keytool = (name: string): string => resolve(import.meta.dirname, 'made-by-keytool', name);

test.for([
  ['two-anchors-and-a-key.jks', 'jks', 3],
  ['two-anchors.p12', 'pkcs12', 2],
  ['without-password.p12', 'pkcs12', 1],
] as const)('keytool made %s, a %s of %i anchors', ([file, format, holds]) => {
  expect(load(keytool(file)).said).toEqual({ format, holds });
  expect(load(keytool(file), new Secret('changeit')).said).toEqual({ format, holds });
});

test.for([
  ['rc2.p12', 'pkcs12', 'unsupported-encryption'],
  ['anchor.jceks', 'jceks', 'unreadable-format'],
] as const)('keytool made %s, a %s that is not read here: %s', ([file, format, fault]) => {
  const { said, trusts } = load(keytool(file));
  expect(said).toEqual({ format, fault });
  expect(trusts(first)).toBeUndefined();
});

test.for([1, 2] as const)(
  'version %i of JKS holds anchors, and the leaf of each key',
  (version) => {
    const { said, trusts } = load(jks({ version, anchors: [first], keyChains: [[second, third]] }));
    expect(said).toEqual({ format: 'jks', holds: 2 });
    const found = [first, second, third].map(trusts);
    expect(found).toEqual([true, true, false]);
  },
);

const whole = jks({ anchors: [first, second], password: 'geheim' });

test.for([
  ['the password that Java is told', new Secret('geheim'), { format: 'jks', holds: 2 }],
  ['another that Java is told', new Secret('falsch'), { format: 'jks', fault: 'wrong-password' }],
  ['no password', 'none', { format: 'jks', holds: 2 }],
  ['nothing said about it', undefined, { format: 'jks', holds: 2 }],
] as const)('JKS with %s', ([, password, expected]) => {
  expect(load(whole, password).said).toEqual(expected);
});

test('JKS that was changed by one octet does not open with its password', () => {
  const changed = Buffer.from(whole);
  changed[100] = (changed[100] ?? 0) ^ 1;
  expect(load(changed, new Secret('geheim')).said.fault).toBe('wrong-password');
});

test('JKS that is cut anywhere is damaged, and never a fault of ours', () => {
  for (let length = 8; length < whole.length; length += 7) {
    expect(load(whole.subarray(0, length)).said).toEqual({ format: 'jks', fault: 'damaged' });
  }
});

test('JKS that claims more entries than there are is damaged', () => {
  const greedy = Buffer.from(whole);
  greedy.writeUInt32BE(0xffffffff, 8);
  expect(load(greedy).said.fault).toBe('damaged');
});

test.for(['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'] as const)(
  'PKCS#12 encrypted with %s opens',
  (cipher) => {
    const store = pkcs12({ bags: [{ der: first }, { der: second }], password: 'geheim', cipher });
    expect(load(store, new Secret('geheim')).said).toEqual({ format: 'pkcs12', holds: 2 });
  },
);

test.for([
  ['another password', new Secret('falsch'), 'wrong-password'],
  ['no password', 'none', 'password-missing'],
  ['nothing said about it, and an unusual one', undefined, 'password-unknown'],
] as const)('PKCS#12 with %s does not open', ([, password, fault]) => {
  const store = pkcs12({ bags: [{ der: first }], password: 'geheim' });
  expect(load(store, password).said).toEqual({ format: 'pkcs12', fault });
});

test('an encrypted PKCS#12 without a password is an empty one to Java', () => {
  const store = pkcs12({ bags: [{ der: first }], password: 'geheim' });
  expect(load(store, 'none').trusts(first)).toBe(false);
  expect(load(store).trusts(first)).toBeUndefined();
});

test('PKCS#12 holds what Java marked as trusted and what belongs to a key, and nothing else', () => {
  const bags = [
    { der: first },
    { der: second, isTrusted: false },
    { der: third, isTrusted: false, keyId: 7 },
  ];
  const { said, trusts } = load(pkcs12({ bags, keyIds: [7] }));
  expect(said.holds).toBe(2);
  const found = [first, second, third].map(trusts);
  expect(found).toEqual([true, false, true]);
});

test('certificates that OpenSSL put into PKCS#12 are no anchors to Java', () => {
  const ca = pki.ca('Gateway CA');
  const path = pki.write('openssl.p12', '');
  openssl(['pkcs12', '-export', '-nokeys', '-in', ca.certPath, '-out', path, '-passout', 'pass:x']);
  expect(load(path, new Secret('x')).said).toEqual({ format: 'pkcs12', holds: 0 });
});

test('a key with its certificate that OpenSSL put into PKCS#12 is one', () => {
  const path = pki.pkcs12(pki.server(), 'changeit');
  expect(load(path).said).toEqual({ format: 'pkcs12', holds: 1 });
});

test('PKCS#12 that is cut anywhere never throws', () => {
  const store = pkcs12({ bags: [{ der: first }] });
  for (let length = 0; length < store.length; length += 7) {
    expect(load(store.subarray(0, length)).said.fault).toBeDefined();
  }
});

test('PKCS#12 that asks for endless derivation of its key is not tried', () => {
  const store = pkcs12({ bags: [{ der: first }], password: 'x', iterations: 100_000_000 });
  expect(load(store, new Secret('x')).said.fault).toBe('unsupported-encryption');
});

test.for([
  ['bcfks', bcfks()],
  ['pem', Buffer.from(rootCertificates[0] ?? '')],
  ['unknown', Buffer.from('what is this')],
  ['unknown', Buffer.alloc(0)],
] as const)('%s is named and not read', ([format, content]) => {
  const { said } = load(content);
  expect(said).toEqual({ format, fault: 'unreadable-format' });
});

test('a file that is missing says nothing about what Java trusts', () => {
  const { seen, see } = loadDelegate({ trustStorePath: `${pki.dir}/nowhere` });
  expect(seen.trustStore?.file.error).toBe('ENOENT');
  expect(see([first], Date.now())).toEqual(seen);
});

test('a file beyond 16 MiB is not read', () => {
  const { seen } = loadDelegate({
    trustStorePath: pki.write('huge', Buffer.alloc(16 * 1024 * 1024 + 1)),
  });
  expect(seen.trustStore?.file.error).toBe('TOO_LARGE');
});

test('the rules of the delegate stand beside its store', () => {
  expect(loadDelegate({ trustsAll: true, fips: true }).seen).toEqual({
    trustsAll: true,
    fips: true,
  });
  expect(loadDelegate({}).seen).toEqual({});
});
