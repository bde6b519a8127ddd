import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openHome, openSender, reportEvent } from './open-home.ts';

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const head = (length: number | 'chunked') =>
  `POST / HTTP/1.1\r\nhost: h\r\ncontent-type: application/cloudevents-batch+json\r\n${
    length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
  }\r\n\r\n`;

/** Sends twenty reports, one after the other, and gives the longest time that one took. */
async function longestMs(send: ReturnType<typeof openSender>): Promise<number> {
  let longest = 0;
  for (let index = 0; index < 20; index += 1) {
    const begun = performance.now();
    const { status } = await send([reportEvent(`good-${index}`, { source: 'urn:good' })]);
    expect(status).toBe(200);
    longest = Math.max(longest, performance.now() - begun);
    await sleep(5);
  }
  return longest;
}

/** On a machine that others use too; alone it takes some 10 ms. */
const bearableMs = 3_000;

test('thousands of half-open requests make room for a good sender, whose connection stays', async () => {
  const limits = { connections: 400, strangers: 300, strangersPerAddress: 200, kept: 100 };
  const { url, port, connections } = await openHome({ limits });
  const send = openSender(url);
  await send([]);
  const flood = (async () => {
    for (let round = 0; round < 20; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 100 }, () => dial(port)));
      for (const [index, socket] of sockets.entries()) {
        socket.write(index % 2 === 0 ? 'POST / HTTP/1.1\r\nho' : '');
      }
    }
  })();
  expect(await longestMs(send)).toBeLessThan(bearableMs);
  await flood;
  await expect.poll(() => connections.shed, { timeout: 10_000 }).toBeGreaterThanOrEqual(1_795);
  expect(connections.open).toBeLessThanOrEqual(202);
  expect(await send([])).toMatchObject({ status: 200, isReused: true });
  const newcomer = openSender(url);
  expect(await longestMs(newcomer)).toBeLessThan(bearableMs);
});

test('bodies that never end cost their sender its requests, and no other', async () => {
  const { url, port } = await openHome();
  const flood = await Promise.all(Array.from({ length: 20 }, () => dial(port)));
  const answers: string[] = [];
  for (const socket of flood) {
    socket.on('data', (chunk) => void answers.push(chunk.toString('latin1').slice(0, 12)));
    socket.write(head('chunked'));
  }
  const chunk = `${(256 * 1024).toString(16)}\r\n${' '.repeat(256 * 1024)}\r\n`;
  const feeding = (async () => {
    for (let round = 0; round < 20; round += 1) {
      for (const socket of flood) socket.write(chunk);
      await sleep(5);
    }
  })();
  expect(await longestMs(openSender(url))).toBeLessThan(bearableMs);
  await feeding;
  await expect.poll(() => answers.length, { timeout: 10_000 }).toBe(20);
  expect(answers.every((answer) => /^HTTP\/1.1 (?:413|429)/.test(answer))).toBe(true);
});

test('thousands of requests at once on one connection, and answers that nobody reads, hold up nobody', async () => {
  const { url, port, connections } = await openHome();
  const requests = `${head(2)}[]`.repeat(2_000);
  const deaf = await Promise.all(Array.from({ length: 10 }, () => dial(port)));
  for (const socket of deaf) socket.pause().write(requests);
  expect(await longestMs(openSender(url))).toBeLessThan(bearableMs);
  await expect.poll(() => connections.open, { timeout: 10_000 }).toBeLessThanOrEqual(1);
});

test('a sender that brings too much is told to come again, and the others are taken meanwhile', async () => {
  const { url, intake } = await openHome();
  const flood = { name: 'flood', identity: 'flood' };
  const batch = Array.from({ length: 10_000 }, () => 0);
  let refused: number | undefined;
  for (let round = 0; round < 8 && refused === undefined; round += 1) {
    const taken = await intake.take(batch, flood);
    if (taken.kind === 'busy') refused = taken.retryAfterMs;
  }
  expect(refused).toBeGreaterThanOrEqual(1_000);
  expect(await longestMs(openSender(url))).toBeLessThan(bearableMs);
});

test('script in every field is stored as it was said and harms no log or terminal', async () => {
  const { url, reports } = await openHome();
  const evil = '<script>alert(1)</script>\u001b[2J\u202e\u2028';
  const facts = {
    agent: { host: evil, delegate: { name: evil, account: evil } },
    ...{ outcome: evil, layer: evil, cause: { code: evil }, target: { url: evil, host: evil } },
  };
  expect((await openSender(url)([reportEvent('a', facts)])).body).toMatchObject({ stored: 1 });
  const [report] = reports();
  expect(report?.report).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(report?.report ?? '')).toMatchObject(facts);
});

test('objects that name __proto__ change nothing but themselves', async () => {
  const { url, reports } = await openHome();
  const body = JSON.stringify([reportEvent('a')]).replace(
    '"schema"',
    '"__proto__":{"polluted":true},"schema"',
  );
  const send = openSender(url);
  await send(JSON.parse(body) as unknown[]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(reports()).toHaveLength(1);
});
