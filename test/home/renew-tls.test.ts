import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { TlsFiles } from '../../src/home/renew-tls.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Home CA');
const clientCa = pki.ca('Client CA');
const [former, present] = [pki.server({ ca }), pki.server({ ca })];

/** A home whose looks at its files are brought about by the test, ten seconds each. */
async function renewable(inUse: TlsFiles) {
  const ticks = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    after: (delayMs, callback) => {
      if (delayMs !== 10_000) return systemClock.after(delayMs, callback);
      ticks.add(callback);
      return () => void ticks.delete(callback);
    },
  };
  let files: TlsFiles | undefined = inUse;
  const told: string[] = [];
  const renewal = {
    read: () => {
      if (!files) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      return files;
    },
    onRenewed: () => told.push('renewed'),
  };
  const onFault = (error: unknown): void =>
    void told.push(String((error as { code?: unknown }).code));
  const home = await openHome({ ...inUse, clock, random: systemRandom, renewal, onFault });
  const look = (next: TlsFiles | undefined): void => {
    files = next;
    for (const tick of [...ticks]) {
      ticks.delete(tick);
      tick();
    }
  };
  return { ...home, told, look };
}

async function shown(port: number, session?: Buffer) {
  const socket = connect({
    ...{ host: '127.0.0.1', port, ca: ca.cert, servername: 'localhost' },
    ...(session && { session }),
  });
  // A resumed session brings no other ticket for sure.
  const ticket = session ? [session] : once(socket, 'session');
  await once(socket, 'secureConnect');
  const { serialNumber, fingerprint256 } = socket.getPeerCertificate();
  const isResumed = socket.isSessionReused();
  const [next] = await ticket;
  socket.destroy();
  const sha256 = fingerprint256?.replaceAll(':', '').toLowerCase();
  return { serialNumber, sha256, isResumed, session: next as Buffer };
}

test('another certificate is shown as soon as its files are there, and what is open stays open', async () => {
  const { url, port, told, look } = await renewable(former);
  const send = openSender(url, { tls: { ca: ca.cert, servername: 'localhost' } });
  await send([reportEvent('a')]);
  expect((await shown(port)).sha256).toBe(former.sha256);
  look(former);
  expect(told).toEqual([]);
  look(present);
  expect(told).toEqual(['renewed']);
  expect((await shown(port)).sha256).toBe(present.sha256);
  expect(await send([reportEvent('b')])).toMatchObject({ status: 200, isReused: true });
});

test('a certificate without its key changes nothing until the key is there, and is told once', async () => {
  const { port, told, look } = await renewable(former);
  const half = { cert: present.cert, key: former.key };
  look(half);
  look(half);
  expect(told).toEqual(['ERR_OSSL_X509_KEY_VALUES_MISMATCH']);
  expect((await shown(port)).sha256).toBe(former.sha256);
  look(present);
  expect((await shown(port)).sha256).toBe(present.sha256);
});

test('files that cannot be read change nothing, and are told once', async () => {
  const { port, told, look } = await renewable(former);
  look(undefined);
  look(undefined);
  expect(told).toEqual(['ENOENT']);
  expect((await shown(port)).sha256).toBe(former.sha256);
  look(present);
  expect(told).toEqual(['ENOENT', 'renewed']);
});

test('a session from before goes no further than its certificates', async () => {
  const { port, look } = await renewable({ ...former, clientCa: clientCa.cert });
  const { session } = await shown(port);
  expect((await shown(port, session)).isResumed).toBe(true);
  look({ ...former, clientCa: ca.cert });
  expect((await shown(port, session)).isResumed).toBe(false);
});
