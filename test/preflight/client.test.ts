/** Credentials made with the `openssl` command: what is broken is found by its exact code, and nothing else is. */
import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { clientChecks } from '../../src/preflight/client/client-checks.ts';
import { toClientSubject } from '../../src/preflight/client/client-subject.ts';
import { judgeAll } from '../../src/preflight/preflight.ts';
import { makePki, openssl } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { brokenRows, goodRows, makeMaterials } from './client-table.ts';
import { codes, judge } from './judge.ts';

const pki = makePki(temporaryDirectory());
const materials = makeMaterials(pki);
const broken = brokenRows(pki, materials);
const good = goodRows(pki, materials);

test('the table is long enough to be worth its name', () => {
  expect(broken.filter(({ failed = [] }) => failed.length > 0).length).toBeGreaterThanOrEqual(40);
  expect(good.length).toBeGreaterThanOrEqual(12);
});

test.for(broken)('broken: $name', async ({ given, failed = [], warned = [] }) => {
  const checks = await judge(given);
  expect({ failed: codes(checks, 'failed'), warned: codes(checks, 'warning') }).toEqual({
    failed,
    warned,
  });
});

test.for(good)('good: $name', async ({ given }) => {
  const checks = await judge(given);
  expect(checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'warning')).toEqual([]);
});

test.for([
  ['a byte order mark', (pem: string) => `\ufeff${pem}`, true],
  ['CRLF', (pem: string) => pem.replaceAll('\n', '\r\n'), true],
  ['carriage returns alone', (pem: string) => pem.replaceAll('\n', '\r'), false],
] as const)('OpenSSL itself loads PEM with %s: %s', ([, write, loads]) => {
  const { cert, key } = materials.bare;
  const load = () => createSecureContext({ cert: write(cert), key: write(key) });
  const print = () => openssl(['x509', '-noout'], write(cert));
  for (const each of [load, print]) {
    if (loads) expect(each).not.toThrow();
    else expect(each).toThrow();
  }
});

test.for([
  ['the wrong passphrase', [], 'other', 'that the passphrase does not open', 'Give the passphrase'],
  ['an old encryption', ['-legacy'], 'secret', 'OpenSSL 3 wants its legacy provider', 'AES-256'],
  ['no passphrase', [], '', 'does not open without a passphrase', 'Give its --passphrase-file'],
] as const)('of PKCS#12 it is told that %s is at fault', async ([, forms, text, why, next]) => {
  const path = pki.pkcs12(materials.bare, 'secret', ...forms);
  const passphrasePath = pki.write('told.pass', text);
  const checks = await judge({ certPath: path, keyPath: path, passphrasePath });
  const told = checks.find(({ code }) => code === 'client-certificate-unparsable');
  expect(told?.evidence.join()).toContain(why);
  expect(told?.remedy).toContain(next);
});

test('every check is found broken by some row', () => {
  const found = new Set(broken.flatMap(({ failed = [], warned = [] }) => [...failed, ...warned]));
  const unseen = clientChecks.map(({ code }) => code).filter((code) => !found.has(code));
  // As root every file can be read; the next test is of that.
  expect(unseen).toEqual(['client-certificate-file-unreadable']);
});

test('a file that may not be read is told apart from one that is not there', () => {
  const file = { path: '/etc/mtls/client.key', error: 'EACCES', mode: '0600', uid: 0, gid: 0 };
  const now = '2026-11-23T14:00:00.000Z';
  const facts = { now, credential: { keyFile: file }, chain: [] };
  const checks = judgeAll(clientChecks, toClientSubject(facts));
  expect(codes(checks, 'failed')).toEqual(['client-certificate-file-unreadable']);
});

test('the table has one shape, whatever is in it', async () => {
  const shapes = await Promise.all(
    [...broken.slice(0, 8), ...good.slice(0, 4)].map(async ({ given }) =>
      (await judge(given)).map(({ title }) => title),
    ),
  );
  for (const shape of shapes) expect(shape).toEqual(shapes[0]);
});

test('a key of somebody else is told by its owner', async () => {
  const { bare } = materials;
  const checks = await judge({ certPath: bare.certPath, keyPath: bare.keyPath, uid: 4711 });
  const isOurs = process.getuid?.() === 0;
  expect(codes(checks, 'warning')).toEqual(isOurs ? [] : ['client-key-file-exposed']);
});
