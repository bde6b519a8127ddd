import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { SenderTokens } from '../../src/home/sender-tokens.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../support/temporary-directory.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const pki = makePki(directoryOfThisFile());
const ca = pki.ca('Clients CA');
const server = pki.server({ ca });
const client = pki.leaf({ cn: 'agent', ca });
const renewed = pki.leaf({ cn: 'agent', ca });
const other = pki.leaf({ cn: 'other', ca });

function tokenFile(text: string): { path: string; write: (text: string) => void } {
  const path = join(temporaryDirectory(), 'senders');
  const write = (content: string): void => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  write(text);
  return { path, write };
}

const certificateOf = ({ cert, key }: { cert: string; key: string }) => ({
  tls: { ca: ca.cert, cert, key },
});
const tlsHome = (options: Parameters<typeof openHome>[0]) =>
  openHome({ cert: server.cert, key: server.key, clientCa: ca.cert, ...options });

test('a sender may have several lines, and names may have spaces', () => {
  const { path } = tokenFile('north office  one\nnorth office two\nalone\n');
  const tokens = new SenderTokens(path);
  const named = (name: string) => ({ sender: { name, identity: name } });
  expect(tokens.check('Bearer one')).toEqual(named('north office'));
  expect(tokens.check('Bearer two')).toEqual(named('north office'));
  expect(tokens.check('Bearer alone')).toEqual(named('token-3'));
  expect(tokens.check('Bearer office')).toBe('unknown');
});

test('the fingerprint of a certificate is no token', () => {
  const { path } = tokenFile(`paris certificate:${client.sha256}\n`);
  const tokens = new SenderTokens(path);
  expect(tokens.check(`Bearer certificate:${client.sha256}`)).toBe('unknown');
  expect(tokens.checkCertificate(client.sha256)).toEqual({
    sender: { name: 'paris', identity: 'paris' },
  });
});

test('asking one of ten thousand senders takes no longer than asking one', () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `d${index} token-of-${index}`);
  const tokens = new SenderTokens(tokenFile(lines.join('\n')).path);
  const begun = performance.now();
  for (let index = 0; index < 1_000; index += 1) tokens.check(`Bearer token-of-${index}`);
  expect((performance.now() - begun) / 1_000).toBeLessThan(1);
});

test('a certificate is named in either order, as openssl prints it too, and no other is let in then', async () => {
  const colons = client.sha256.toUpperCase().match(/../g)?.join(':');
  const { path } = tokenFile(`certificate:${colons} paris\nrome certificate:${renewed.sha256}\n`);
  const home = await tlsHome({ tokens: path });
  const [asClient, asRenewed, asOther] = [client, renewed, other].map((one) =>
    openSender(home.url, certificateOf(one)),
  );
  expect((await asClient?.([reportEvent('a', { source: 'urn:a' })]))?.status).toBe(200);
  expect((await asRenewed?.([reportEvent('b', { source: 'urn:b' })]))?.status).toBe(200);
  expect((await asOther?.([reportEvent('c')]))?.status).toBe(401);
  expect(home.reports().map(({ sender }) => sender)).toEqual(['paris', 'rome']);
});

test('a line that is taken away shuts out an open connection with its next request', async () => {
  const { path, write } = tokenFile(`paris certificate:${client.sha256}\nrome secret\n`);
  const home = await tlsHome({ tokens: path });
  const asParis = openSender(home.url, certificateOf(client));
  const asRome = openSender(home.url, { token: 'secret', tls: { ca: ca.cert } });
  expect([(await asParis([])).status, (await asRome([])).status]).toEqual([200, 200]);
  write(`milan certificate:${other.sha256}\n`);
  const [paris, rome] = [await asParis([]), await asRome([])];
  expect([paris.status, rome.status]).toEqual([401, 401]);
  expect([paris.isReused, rome.isReused]).toEqual([true, true]);
});

test.for([
  ['the last line that names a certificate', `paris certificate:${client.sha256}`, 401],
  ['the line that lets in every certificate', 'certificate:any', 200],
] as const)(
  '%s is taken away: no certificate gets in, also on an open connection',
  async ([, line, unnamed]) => {
    const { path, write } = tokenFile(`${line}\nrome secret\n`);
    const home = await tlsHome({ tokens: path });
    const [asClient, asOther] = [client, other].map((one) =>
      openSender(home.url, certificateOf(one)),
    );
    const both = async () => [await asClient?.([]), await asOther?.([])];
    expect(await both()).toMatchObject([{ status: 200 }, { status: unnamed }]);
    write('rome secret\n');
    const shut = { status: 401, isReused: true };
    expect(await both()).toMatchObject([shut, shut]);
    expect((await openSender(home.url, certificateOf(other))([])).status).toBe(401);
  },
);

test('a file with tokens alone lets in no certificate', async () => {
  const { path } = tokenFile('rome secret\n');
  const home = await tlsHome({ tokens: path });
  expect((await openSender(home.url, certificateOf(client))([])).status).toBe(401);
});

test('a line may say for how many delegates its sender speaks', () => {
  const { path } = tokenFile(
    `fleet delegates=500 one\nfleet two\nparis certificate:${client.sha256} delegates=7\ndelegates=9\n`,
  );
  const tokens = new SenderTokens(path);
  expect(['fleet', 'paris', 'token-4'].map((name) => tokens.delegatesOf(name))).toEqual([
    500,
    7,
    undefined,
  ]);
  expect(tokens.check('Bearer one')).toEqual({ sender: { name: 'fleet', identity: 'fleet' } });
  expect(tokens.check('Bearer delegates=9')).toMatchObject({ sender: { name: 'token-4' } });
});

test('a revocation shuts out an open connection, and a list that cannot be read lets in nobody', async () => {
  const list = tokenFile(readFileSync(pki.crl(ca), 'utf8'));
  const home = await tlsHome({ revoked: list.path });
  const asClient = openSender(home.url, certificateOf(client));
  const asOther = openSender(home.url, certificateOf(other));
  expect([(await asClient([])).status, (await asOther([])).status]).toEqual([200, 200]);
  list.write(readFileSync(pki.crl(ca, [client]), 'utf8'));
  const revoked = await asClient([]);
  expect(revoked).toMatchObject({ status: 401, isReused: true });
  expect((await asOther([])).status).toBe(200);
  list.write('no list');
  expect(await asOther([])).toMatchObject({ status: 503, retryAfter: '30' });
});

test("a renewed certificate goes on speaking for its subject's sources; another subject does not", async () => {
  const home = await tlsHome({});
  const delegates: string[] = [];
  home.intake.onStored((events) => void delegates.push(...events.map((event) => event.delegate)));
  await openSender(home.url, certificateOf(client))([reportEvent('a')]);
  await openSender(home.url, certificateOf(renewed))([reportEvent('b')]);
  await openSender(home.url, certificateOf(other))([reportEvent('c')]);
  expect(delegates).toEqual([
    'urn:sidelight:agent:a',
    'urn:sidelight:agent:a',
    'subject:CN=other urn:sidelight:agent:a',
  ]);
});

test('a file that names nobody cannot run', () => {
  expect(() => new SenderTokens(tokenFile('# nobody\n').path)).toThrow(CannotRun);
});
