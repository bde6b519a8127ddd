/** Trust anchors from a directory, as the delegate's image has them, and beside the usual ones. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { CredentialStore } from '../../src/agent/credential-store.ts';
import { loadCredential } from '../../src/credential/load-credential.ts';
import { anchorFilesIn, readAnchors } from '../../src/credential/read-anchors.ts';
import { isCredentialUnusable } from '../../src/evidence/is-credential-unusable.ts';
import { lookAt } from '../support/aim-at.ts';
import { makePki } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const dir = temporaryDirectory();
const pki = makePki(dir);
const one = pki.ca('One CA');
const two = pki.ca('Two CA');
const client = pki.leaf({ cn: 'delegate', ca: one });

function bundle(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(dir, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const begins = (pem = ''): number => pem.match(/BEGIN CERTIFICATE/g)?.length ?? 0;

test('every file counts, whatever it is called', () => {
  const path = bundle('all', { 'a.crt': one.cert, 'ca.bundle': two.cert, 'a.key': one.key, b: '' });
  const { seen, ca } = readAnchors(path);
  expect(ca).toContain(one.cert.trim());
  expect(begins(ca)).toBe(2);
  expect(ca).not.toContain('PRIVATE KEY');
  expect(seen).toMatchObject({ path });
  expect(seen).not.toHaveProperty('error');
});

test('a mounted secret counts once, though it stands there twice', () => {
  const path = bundle('secret', {});
  mkdirSync(join(path, '..2026_11_23'));
  writeFileSync(join(path, '..2026_11_23/ca.crt'), one.cert);
  symlinkSync('..2026_11_23', join(path, '..data'));
  symlinkSync('..data/ca.crt', join(path, 'ca.crt'));
  expect(begins(readAnchors(path).ca)).toBe(1);
});

test.for([
  ['nothing in it', {}, { content: 'empty' }],
  ['nothing of use', { 'a.txt': 'hello' }, { content: 'no-pem-block' }],
  ['a key alone', { 'a.key': one.key }, { content: 'wrong-block' }],
] as const)('a directory with %s has a fault', ([name, files, expected]) => {
  const { seen, ca } = readAnchors(bundle(name, files));
  expect(seen).toMatchObject(expected);
  expect(ca).toBeUndefined();
});

test('a directory is not read without end', () => {
  const files = Array.from({ length: 200 }, (_, index) => [`${index}.crt`, '']);
  expect(anchorFilesIn(bundle('many', Object.fromEntries(files)))).toHaveLength(128);
});

test('one that may not be listed, or is not there, says so', () => {
  expect(readAnchors(join(dir, 'gone')).seen.error).toBe('ENOENT');
});

test('a CA in place of the usual ones must be usable, one beside them need not', () => {
  const empty = bundle('empty', {});
  const { seen, ca } = loadCredential({ caPath: empty });
  expect(isCredentialUnusable(seen)).toBe(true);
  expect(ca).toBeUndefined();
  const beside = loadCredential({ extraCaPath: empty });
  expect(beside.seen).toMatchObject({ extraCaFile: { path: empty, content: 'empty' } });
  expect(isCredentialUnusable(beside.seen)).toBe(false);
  expect(beside.ca).toBeUndefined();
});

test('beside the usual ones means that both count', async () => {
  const extraCaPath = bundle('extra', { 'one.crt': one.cert });
  expect(begins(loadCredential({ extraCaPath }).ca)).toBe(getCACertificates('default').length + 1);
  const server = pki.server({ ca: one });
  const { port, stop } = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', one.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  const credential = { certPath: client.certPath, keyPath: client.keyPath, extraCaPath };
  const { tls, http } = await lookAt({ port, credential });
  expect({ trusted: tls?.serverAuthorized, status: http?.status }).toEqual({
    trusted: true,
    status: 200,
  });
  await stop();
});

test('a file that is written anew in a directory is news when it has rested', () => {
  const path = bundle('changing', { 'one.crt': one.cert });
  const tls = { minVersion: '1.2', maxVersion: '1.3', alpn: [] } as const;
  let nowMs = 0;
  const config = { url: new URL('https://gw/'), credential: { caPath: path }, tls };
  const store = new CredentialStore(config, { monotonicMs: () => nowMs });
  const hasRested = (): boolean => {
    expect(store.hasChanged).toBe(false);
    nowMs += 1000;
    return store.hasChanged;
  };
  store.current();
  expect(store.hasChanged).toBe(false);
  writeFileSync(join(path, 'one.crt'), one.cert + two.cert);
  expect(hasRested()).toBe(true);
  expect(begins(store.current().credential.ca)).toBe(2);
  rmSync(path, { recursive: true });
  expect(hasRested()).toBe(true);
});
