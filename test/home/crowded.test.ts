import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { beginInTurn } from '../../src/home/begin-in-turn.ts';
import { usualTlsLimits } from '../../src/home/connections.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Home CA');
const { cert, key } = pki.server({ ca });
const tls = { ca: ca.cert, servername: 'localhost' };

test('a crowded home keeps the connections that it has, lets go of the others, and asks all for patience', async () => {
  const { url, connections } = await openHome({
    cert,
    key,
    limits: { ...usualTlsLimits, kept: 2 },
  });
  const senders = [1, 2, 3].map(() => openSender(url, { tls }));
  const round = async (name: string) => {
    const answers = [];
    for (const [index, send] of senders.entries()) {
      answers.push(await send([reportEvent(`${name}-${index}`)]));
    }
    return answers;
  };
  const first = await round('a');
  expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
  // The second has taken the last place, and is told so with the next answer.
  expect(first.map(({ retryAfter }) => retryAfter !== undefined)).toEqual([false, false, true]);
  const second = await round('b');
  expect(second.map(({ isReused }) => isReused)).toEqual([true, true, false]);
  for (const { retryAfter } of second) {
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(10);
    expect(Number(retryAfter)).toBeLessThanOrEqual(20);
  }
  await expect.poll(() => connections.open).toBe(2);
});

test('hundreds that come at once over TLS are all served', { timeout: 60_000 }, async () => {
  const { url, reports } = await openHome({ cert, key });
  const answers = await Promise.all(
    Array.from({ length: 280 }, (_, index) => openSender(url, { tls })([reportEvent(`r${index}`)])),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(reports()).toHaveLength(280);
});

async function openCrowdedServer() {
  const server = createServer({ cert, key, pauseOnConnect: true }, (_, response) => response.end());
  beginInTurn(server, systemClock, { perTurn: 1, places: 2, leaseMs: 200 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const silent = () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  const good = (from: { readonly localAddress?: string } = {}) =>
    connectTls({ host: '127.0.0.1', port, ...tls, ...from });
  return { server, silent, good };
}

test('who begins no handshake holds a place for a while, and then nobody waits for it', async () => {
  const { silent, good } = await openCrowdedServer();
  for (let count = 0; count < 4; count += 1) await once(silent(), 'connect');
  const begun = performance.now();
  const socket = good();
  await once(socket, 'secureConnect');
  // Two leases, one after the other; no less, for the places were taken.
  expect(performance.now() - begun).toBeGreaterThan(250);
  socket.destroy();
});

test('the many of one network make no other wait for them', async () => {
  const { silent, good } = await openCrowdedServer();
  for (let count = 0; count < 40; count += 1) await once(silent(), 'connect');
  const begun = performance.now();
  const socket = good({ localAddress: '127.0.9.1' });
  await once(socket, 'secureConnect');
  socket.destroy();
  // One after the other, two at a time, they would take four seconds.
  expect(performance.now() - begun).toBeLessThan(2_500);
});

test('a place is free again as soon as its connection ends', async () => {
  const { silent, good } = await openCrowdedServer();
  const first = [silent(), silent()];
  await Promise.all(first.map((socket) => once(socket, 'connect')));
  const begun = performance.now();
  const socket = good();
  for (const one of first) one.destroy();
  await once(socket, 'secureConnect');
  socket.destroy();
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test('a server that ends lets go of those that wait', async () => {
  const { server, silent } = await openCrowdedServer();
  const waiting = Array.from({ length: 5 }, silent);
  await Promise.all(waiting.map((socket) => once(socket, 'connect')));
  await expect.poll(() => connectionsOf(server)).toBe(5);
  const ended = Promise.all(waiting.map((socket) => once(socket, 'close')));
  server.close();
  server.closeAllConnections();
  for (const socket of waiting.slice(0, 2)) socket.destroy();
  await ended;
});

function connectionsOf(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
