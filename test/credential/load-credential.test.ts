/** Every fault that our own files can show is written down, and nothing is ever thrown. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { CredentialConfig } from '../../src/config/config.ts';
import { loadCredential } from '../../src/credential/load-credential.ts';
import type { CredentialSeen } from '../../src/evidence/evidence.ts';
import { isCredentialUnusable } from '../../src/evidence/is-credential-unusable.ts';
import { makePki, openssl, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const dir = temporaryDirectory();
const pki = makePki(dir);
const root = pki.ca('Delegate Root');
const ca = pki.ca('Delegate CA', { ca: root });
const leaf = pki.leaf({ cn: 'delegate-7', ca });
const other = pki.leaf({ cn: 'other', ca });
const rsa = pki.leaf({ cn: 'rsa', ca, keyType: 'rsa' });
const weak = pki.leaf({ cn: 'weak', ca, keyType: 'rsa1024' });
const weakCa = pki.ca('Weak CA', { ca: root, keyType: 'rsa1024' });
const sha1 = pki.leaf({ cn: 'old', ca, digest: 'sha1' });
const ed = pki.leaf({ cn: 'ed', ca, keyType: 'ed25519' });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const garbled = (text: string): string =>
  text.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAABBBBCCCCDDDDEEEE');
const passphraseFile = (text: string): string =>
  pki.write(`passphrase-${Buffer.from(text).toString('hex')}`, text);
const encrypted = pki.encryptedKey(leaf, 'geheim');
const legacy = pki.encryptedKey(leaf, 'geheim', 'legacy');
const pair = (certPath: string, keyPath: string): CredentialConfig => ({ certPath, keyPath });
const withCert = (name: string, content: string | Uint8Array): CredentialConfig =>
  pair(pki.write(name, content), leaf.keyPath);
const withKey = (name: string, content: string | Uint8Array): CredentialConfig =>
  pair(leaf.certPath, pki.write(name, content));
const withCa = (name: string, content: string | Uint8Array): CredentialConfig => ({
  caPath: pki.write(name, content),
});

type Case = readonly [title: string, config: CredentialConfig, seen: object];

const good: readonly Case[] = [
  ['nothing configured', {}, {}],
  [
    'an EC pair',
    pair(leaf.certPath, leaf.keyPath),
    {
      key: { algorithm: 'ec', bits: 256, label: 'PRIVATE KEY', encrypted: false },
      keyMatchesCertificate: true,
    },
  ],
  ['an RSA pair', pair(rsa.certPath, rsa.keyPath), { key: { algorithm: 'rsa', bits: 2048 } }],
  ['an Ed25519 pair', pair(ed.certPath, ed.keyPath), { key: { algorithm: 'ed25519', bits: 256 } }],
  [
    'a key of the old form',
    pair(rsa.certPath, pki.traditionalKey(rsa)),
    { key: { label: 'RSA PRIVATE KEY', encrypted: false } },
  ],
  [
    'a key behind its curve parameters',
    withKey('parameters.key', openssl(['ecparam', '-name', 'prime256v1']).toString() + leaf.key),
    { keyMatchesCertificate: true },
  ],
  [
    'an encrypted key with its passphrase',
    { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('geheim\n') },
    {
      key: {
        algorithm: 'ec',
        bits: 256,
        label: 'ENCRYPTED PRIVATE KEY',
        encrypted: true,
        passphraseOpensIt: true,
      },
    },
  ],
  [
    'an encrypted key of the old form with its passphrase',
    { ...pair(leaf.certPath, legacy), passphrasePath: passphraseFile('geheim') },
    { key: { label: 'EC PRIVATE KEY', encrypted: true, passphraseOpensIt: true } },
  ],
  [
    'a passphrase file that ends with CRLF',
    { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('geheim\r\n') },
    { key: { passphraseOpensIt: true } },
  ],
  [
    'CRLF line ends',
    withCert('crlf.pem', leaf.cert.replaceAll('\n', '\r\n')),
    { keyMatchesCertificate: true },
  ],
  ['a byte order mark', withCert('bom.pem', `\ufeff${leaf.cert}`), { keyMatchesCertificate: true }],
  [
    'one file for both, given as certificate',
    { certPath: pki.write('combined.pem', leaf.key + leaf.cert) },
    { keyMatchesCertificate: true, keyFile: { path: join(dir, 'combined.pem') } },
  ],
  [
    'one file for both, given as key',
    { keyPath: pki.write('combined-key.pem', leaf.cert + leaf.key) },
    { keyMatchesCertificate: true, certificateFile: { path: join(dir, 'combined-key.pem') } },
  ],
  [
    'a certificate that has expired, which the gateway has to judge',
    (({ certPath, keyPath }) => pair(certPath, keyPath))(
      pki.leaf({
        cn: 'expired',
        ca,
        notBefore: new Date('2020-01-01'),
        notAfter: new Date('2021-01-01'),
      }),
    ),
    { chain: [{ notAfter: '2021-01-01T00:00:00.000Z' }] },
  ],
  [
    'a CA bundle with text',
    withCa('ca.pem', `# Root\n${root.cert}\n# CA\n${ca.cert}`),
    { caFile: { mode: '0644' } },
  ],
  [
    'a signature with SHA-1, which OpenSSL loads and the gateway has to judge',
    pair(sha1.certPath, sha1.keyPath),
    { chain: [{ signatureAlgorithm: 'ecdsa-with-SHA1' }] },
  ],
  [
    'a CA bundle with one block that does not decode',
    withCa('half.pem', garbled(ca.cert) + root.cert),
    { caFile: { mode: '0644' } },
  ],
  [
    'a CA in the form of OpenSSL trust',
    withCa('trust.pem', openssl(['x509', '-trustout', '-addtrust', 'serverAuth'], root.cert)),
    {},
  ],
];

const missing = join(dir, 'missing.pem');
const bad: readonly Case[] = [
  [
    'a missing certificate',
    pair(missing, leaf.keyPath),
    { certificateFile: { path: missing, error: 'ENOENT' } },
  ],
  ['a missing key', pair(leaf.certPath, missing), { keyFile: { path: missing, error: 'ENOENT' } }],
  [
    'a directory for a certificate',
    pair(dir, leaf.keyPath),
    { certificateFile: { error: 'EISDIR' } },
  ],
  [
    'a path through a file',
    pair(`${leaf.certPath}/x`, leaf.keyPath),
    { certificateFile: { error: 'ENOTDIR' } },
  ],
  ['a link to itself', pair(selfLink(), leaf.keyPath), { certificateFile: { error: 'ELOOP' } }],
  [
    'a path with NUL',
    pair('a\0b', leaf.keyPath),
    { certificateFile: { error: 'ERR_INVALID_ARG_VALUE' } },
  ],
  [
    'two megabytes',
    withCert('huge.pem', Buffer.alloc(2 * 1024 * 1024)),
    { certificateFile: { error: 'TOO_LARGE' } },
  ],
  [
    'a device without end',
    pair('/dev/zero', leaf.keyPath),
    { certificateFile: { error: 'TOO_LARGE' } },
  ],
  [
    'a FIFO that nobody writes',
    pair(fifo(), leaf.keyPath),
    { certificateFile: { content: 'empty' } },
  ],
  ['an empty certificate', withCert('empty.pem', ''), { certificateFile: { content: 'empty' } }],
  [
    'DER for a certificate',
    withCert('der.crt', toDer(leaf.cert)),
    { certificateFile: { content: 'der' } },
  ],
  [
    'PKCS#12 for both',
    { certPath: pki.pkcs12(leaf, 'geheim') },
    {
      certificateFile: { content: 'pkcs12', archive: 'passphrase-missing' },
      keyFile: { content: 'pkcs12', archive: 'passphrase-missing' },
    },
  ],
  [
    'a certificate encoded twice',
    withCert('twice.pem', base64(leaf.cert)),
    { certificateFile: { content: 'base64-of-pem' } },
  ],
  [
    'a key encoded twice',
    withKey('twice.key', base64(leaf.key)),
    { keyFile: { content: 'base64-of-pem' } },
  ],
  [
    'no PEM at all',
    withCert('text.pem', 'client.crt'),
    { certificateFile: { content: 'no-pem-block' } },
  ],
  [
    'a certificate that does not decode',
    withCert('garbled.pem', garbled(leaf.cert)),
    { certificateFile: { content: 'unparsable' }, chain: [{ sha256: expect.any(String) }] },
  ],
  [
    'an intermediate that does not decode',
    withCert('garbled-chain.pem', leaf.cert + garbled(ca.cert)),
    { certificateFile: { content: 'unparsable' }, keyMatchesCertificate: true },
  ],
  [
    'a certificate cut short',
    withCert('cut.pem', leaf.cert.slice(0, 300)),
    { certificateFile: { content: 'unparsable' } },
  ],
  [
    'a key that does not decode',
    withKey('garbled.key', garbled(leaf.key)),
    { keyFile: { content: 'unparsable' }, key: { label: 'PRIVATE KEY', encrypted: false } },
  ],
  [
    'an encrypted key cut short',
    withKey('cut.key', encryptedText().slice(0, 200)),
    { keyFile: { content: 'unparsable' } },
  ],
  [
    'files swapped',
    pair(leaf.keyPath, leaf.certPath),
    { certificateFile: { content: 'wrong-block' }, keyFile: { content: 'wrong-block' } },
  ],
  [
    'a certificate without a key',
    { certPath: leaf.certPath },
    { keyFile: { content: 'wrong-block' } },
  ],
  [
    'a key without a certificate',
    { keyPath: leaf.keyPath },
    { certificateFile: { content: 'wrong-block' } },
  ],
  [
    'an encrypted key without a passphrase',
    pair(leaf.certPath, encrypted),
    { key: { label: 'ENCRYPTED PRIVATE KEY', encrypted: true } },
  ],
  [
    'an encrypted key of the old form without a passphrase',
    pair(leaf.certPath, legacy),
    { key: { label: 'EC PRIVATE KEY', encrypted: true } },
  ],
  [
    'a wrong passphrase',
    { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('falsch!') },
    { key: { encrypted: true, passphraseOpensIt: false } },
  ],
  [
    'two line ends behind the passphrase',
    { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('geheim\n\n') },
    { key: { passphraseOpensIt: false } },
  ],
  [
    'an encrypted key with a missing passphrase file',
    { ...pair(leaf.certPath, encrypted), passphrasePath: missing },
    { passphraseFile: { error: 'ENOENT' }, key: { encrypted: true } },
  ],
  [
    'an encrypted key with an empty passphrase file',
    { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('\n') },
    { passphraseFile: { content: 'empty' } },
  ],
  [
    'the key of another certificate',
    pair(leaf.certPath, other.keyPath),
    { keyMatchesCertificate: false, loadError: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' },
  ],
  [
    'an RSA certificate with an EC key',
    pair(rsa.certPath, leaf.keyPath),
    { keyMatchesCertificate: false },
  ],
  [
    'an EC certificate with an RSA key',
    pair(leaf.certPath, rsa.keyPath),
    { keyMatchesCertificate: false },
  ],
  ['RSA 1024', pair(weak.certPath, weak.keyPath), { loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' }],
  [
    'an intermediate of RSA 1024',
    (({ cert, keyPath }) => pair(pki.write('weak-ca.pem', cert + weakCa.cert), keyPath))(
      pki.leaf({ cn: 'below weak', ca: weakCa }),
    ),
    { loadError: 'ERR_SSL_CA_KEY_TOO_SMALL' },
  ],
  ['a missing CA file', { caPath: missing }, { caFile: { path: missing, error: 'ENOENT' } }],
  ['an empty CA file', withCa('empty-ca.pem', '\n'), { caFile: { content: 'empty' } }],
  [
    'a CA file that holds a key',
    withCa('key-ca.pem', leaf.key),
    { caFile: { content: 'wrong-block' } },
  ],
  [
    'a CA file that does not decode',
    withCa('bad-ca.pem', garbled(root.cert)),
    { caFile: { content: 'unparsable' } },
  ],
  ['a CA file in DER', withCa('ca.der', toDer(root.cert)), { caFile: { content: 'der' } }],
];

test.for(good)('%s can be used', ([, config, expected]) => {
  const { seen, material, clientCertificate } = loadCredential(config);
  expect(seen).toMatchObject(expected);
  expect(faults(seen)).toEqual([]);
  expect(isCredentialUnusable(seen)).toBe(false);
  const isConfigured = config.certPath !== undefined || config.keyPath !== undefined;
  expect(material !== undefined).toBe(isConfigured);
  expect(clientCertificate !== undefined).toBe(isConfigured);
});

test.for(bad)('%s cannot be used', ([, config, expected]) => {
  const { seen, material } = loadCredential(config);
  expect(seen).toMatchObject(expected);
  expect(isCredentialUnusable(seen)).toBe(true);
  expect(material === undefined || config.certPath === undefined).toBe(true);
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

test('what was not configured is absent', () => {
  expect(loadCredential({})).toEqual({ seen: {} });
});

test('mode and owner are those of the opened file', () => {
  const keyPath = pki.write('owned.key', leaf.key);
  chmodSync(keyPath, 0o620);
  const { seen } = loadCredential(pair(leaf.certPath, keyPath));
  expect(seen.keyFile).toEqual({
    path: keyPath,
    mode: '0620',
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    modifiedAt: expect.stringMatching(/Z$/),
  });
});

test('the certificate that is presented stands in evidence with its path', () => {
  const { clientCertificate } = loadCredential(pair(leaf.certPath, leaf.keyPath));
  expect(clientCertificate).toMatchObject({
    path: leaf.certPath,
    sha256: leaf.sha256,
    subject: 'CN=delegate-7',
    issuer: 'CN=Delegate CA',
  });
});

test('a chain with the leaf first is sent as the file stands', () => {
  const certPath = pki.chain('odd.pem', leaf, root, ca);
  const { seen, material } = loadCredential(pair(certPath, leaf.keyPath));
  expect(seen.chain?.map(({ sha256 }) => sha256)).toEqual(
    [leaf, root, ca].map((one) => one.sha256),
  );
  expect(material?.cert).toBe(leaf.cert + root.cert + ca.cert);
});

test('a chain with the leaf last is sent in order, and evidence shows the file', () => {
  const certPath = pki.chain('backwards.pem', root, ca, leaf);
  const { seen, material, clientCertificate } = loadCredential(pair(certPath, leaf.keyPath));
  expect(seen.chain?.map(({ sha256 }) => sha256)).toEqual(
    [root, ca, leaf].map((one) => one.sha256),
  );
  expect(seen.keyMatchesCertificate).toBe(true);
  expect(clientCertificate?.sha256).toBe(leaf.sha256);
  expect(material?.cert).toBe(leaf.cert + ca.cert + root.cert);
});

test('what OpenSSL refuses at its default level loads at the level that is configured', () => {
  const config = pair(weak.certPath, weak.keyPath);
  expect(loadCredential(config, ['DEFAULT@SECLEVEL=0']).seen.loadError).toBeUndefined();
});

test('no key and no passphrase can be printed', () => {
  const config = { ...pair(leaf.certPath, encrypted), passphrasePath: passphraseFile('geheim\n') };
  const credential = loadCredential(config);
  const printed = `${inspect(credential, { depth: 9, showHidden: true })}${JSON.stringify(credential)}`;
  expect(credential.material?.passphrase?.reveal()).toBe('geheim');
  expect(printed).not.toContain('geheim');
  expect(printed).not.toContain(credential.material?.key.reveal().split('\n')[1]);
});

test.runIf(process.getuid?.() === 0)('a file that we may not read says whose it is', () => {
  // Everything on the way must be reachable for the other user.
  chmodSync(dir, 0o755);
  const keyPath = pki.write('closed.key', leaf.key);
  chmodSync(keyPath, 0o600);
  chownSync(keyPath, 1001, 1002);
  const certPath = pki.write('open.crt', leaf.cert);
  const module = new URL('../../src/credential/load-credential.ts', import.meta.url);
  const script = `const { loadCredential } = await import(${JSON.stringify(module.href)});
    process.seteuid(65534);
    const { seen } = loadCredential(${JSON.stringify({ certPath, keyPath })});
    console.log(JSON.stringify(seen));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString();
  const seen = JSON.parse(printed) as CredentialSeen;
  expect(seen.keyFile).toEqual({
    path: keyPath,
    error: 'EACCES',
    mode: '0600',
    uid: 1001,
    gid: 1002,
    modifiedAt: expect.stringMatching(/Z$/),
  });
  expect(seen.certificateFile?.error).toBeUndefined();
  expect(isCredentialUnusable(seen)).toBe(true);
});

function faults(seen: CredentialSeen): readonly unknown[] {
  const { certificateFile, keyFile, passphraseFile, caFile, loadError } = seen;
  return [certificateFile, keyFile, passphraseFile, caFile]
    .flatMap((file) => [file?.error, file?.content])
    .concat(loadError)
    .filter((fault) => fault !== undefined);
}

function selfLink(): string {
  const path = join(dir, 'loop.pem');
  symlinkSync(path, path);
  return path;
}

function fifo(): string {
  const path = join(dir, 'fifo.pem');
  execFileSync('mkfifo', [path]);
  return path;
}

function encryptedText(): string {
  return openssl(['pkcs8', '-topk8', '-in', leaf.keyPath, '-passout', 'pass:x']).toString();
}

const tripleDes = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES'];
const twoKeys = ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES'];
const rc2 = ['-certpbe', 'PBE-SHA1-RC2-40'];
const long = 'a passphrase that is longer than one block of its digest, with ü and 🔑';

/** A passphrase of undefined: no file. */
const archives: readonly (readonly [string, string, string | undefined, string | undefined])[] = [
  ['AES', pki.pkcs12(leaf, 'geheim'), 'geheim', undefined],
  ['AES', pki.pkcs12(leaf, 'geheim'), 'other', 'wrong-passphrase'],
  ['triple DES', pki.pkcs12(leaf, 'geheim', ...tripleDes), 'geheim', undefined],
  ['triple DES', pki.pkcs12(leaf, 'geheim', ...tripleDes), 'other', 'wrong-passphrase'],
  ['triple DES', pki.pkcs12(leaf, 'geheim', ...tripleDes), undefined, 'passphrase-missing'],
  ['triple DES', pki.pkcs12(leaf, long, ...tripleDes), long, undefined],
  ['triple DES of two keys', pki.pkcs12(leaf, 'geheim', ...twoKeys), 'geheim', undefined],
  ['RC2', pki.pkcs12(leaf, 'geheim', '-legacy'), 'geheim', 'unsupported-encryption'],
  ['RC2', pki.pkcs12(leaf, 'geheim', '-legacy'), 'other', 'wrong-passphrase'],
  [
    'RC2 sealed with SHA-512',
    pki.pkcs12(leaf, 'geheim', '-legacy', '-macalg', 'sha512'),
    'other',
    'wrong-passphrase',
  ],
  [
    'RC2 sealed with SHA-512',
    pki.pkcs12(leaf, 'geheim', '-legacy', '-macalg', 'sha512'),
    'geheim',
    'unsupported-encryption',
  ],
  [
    'RC2 without a seal',
    pki.pkcs12(leaf, 'x', '-legacy', '-nomac', ...rc2),
    'y',
    'unsupported-encryption',
  ],
  ['the empty passphrase', pki.pkcs12(leaf, ''), undefined, undefined],
  ['the empty passphrase', pki.pkcs12(leaf, ''), '', undefined],
  ['the empty passphrase', pki.pkcs12(leaf, ''), 'geheim', 'wrong-passphrase'],
  [
    'nothing',
    pki.pkcs12(leaf, '', '-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'),
    undefined,
    undefined,
  ],
];

/** OpenSSL in Node is the judge of what opens. */
function opens(path: string, passphrase: string | undefined): boolean {
  try {
    createSecureContext({ pfx: readFileSync(path), ...(passphrase && { passphrase }) });
    return true;
  } catch {
    return false;
  }
}

const named = archives.map(([form, path, passphrase, fault]) => ({
  form,
  path,
  passphrase,
  fault,
}));

test.for(named)(
  'PKCS#12 with $form, and the passphrase $passphrase: $fault',
  ({ path, passphrase, fault }) => {
    const passphrasePath = passphrase === undefined ? undefined : passphraseFile(passphrase);
    const { seen, material } = loadCredential({
      certPath: path,
      ...(passphrasePath !== undefined && { passphrasePath }),
    });
    expect(seen.certificateFile?.archive).toBe(fault);
    expect(seen.keyFile?.archive).toBe(fault);
    expect(material !== undefined).toBe(fault === undefined);
    expect(opens(path, passphrase)).toBe(fault === undefined);
  },
);

test('PKCS#12 of the form before 2021 that is cut anywhere never throws', () => {
  const archive = readFileSync(pki.pkcs12(leaf, 'geheim', '-legacy'));
  for (let length = 0; length < archive.length; length += 97) {
    const certPath = pki.write('cut.p12', archive.subarray(0, length));
    const passphrasePath = passphraseFile('geheim');
    expect(loadCredential({ certPath, passphrasePath }).material).toBeUndefined();
  }
});

test.for([
  [1, 1],
  [8, 8],
  [9, 8],
  [64, 8],
  [65, undefined],
] as const)(
  'of %i anchors %i are written down, those that end first among them',
  ([count, seen]) => {
    const soon = pki.ca('Ends soon', { days: 3 });
    const others = Array.from({ length: count - 1 }, () => root.cert);
    const caPath = pki.write(`${count}.ca`, [...others, soon.cert].join(''));
    const { caCertificates } = loadCredential({ caPath }).seen;
    expect(caCertificates?.length).toBe(seen);
    const found = caCertificates?.some(({ sha256 }) => sha256 === soon.sha256);
    expect(found).toBe(seen === undefined ? undefined : true);
  },
);
