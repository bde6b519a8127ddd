/** Notifications on their way: retried from disk, in order, at least once, and no receiver holds up another. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../state/temporary.ts';
import { closed, opened, updated } from './incident-events.ts';
import { type Arrived, announcerFor, openReceiver } from './open-announcer.ts';

const typesIn = (arrived: readonly Arrived[]): readonly string[] =>
  arrived.map(({ body }) => JSON.parse(body).type.replace('io.sidelight.incident.', ''));
const idsIn = (arrived: readonly Arrived[]): readonly unknown[] =>
  arrived.map(({ headers }) => headers['webhook-id']);

test('an incident from its beginning to its end arrives in order, as CloudEvents', async () => {
  const { url, arrived } = await openReceiver();
  const { tell, follow, announcer } = announcerFor(temporaryDirectory(), [{ url }]);
  follow();
  tell(opened(), updated('grew'));
  tell(closed());
  await expect.poll(() => typesIn(arrived)).toEqual(['opened.v1', 'updated.v1', 'closed.v1']);
  const event = JSON.parse(arrived[0]!.body);
  expect(arrived[0]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', 'webhook-id': event.id },
  });
  expect(event).toMatchObject({
    specversion: '1.0',
    source: expect.stringMatching(/^urn:sidelight:home:[0-9a-f-]{36}$/),
    subject: 'i-1',
    time: '2025-08-26T12:00:00.000Z',
    sequence: '1',
    data: { schema: 'sidelight.incident/1', id: event.id, incident: { affected: 40, known: 100 } },
  });
  await expect
    .poll(() => announcer.receivers()[0])
    .toMatchObject({ sent: 3, failed: 0, waiting: 0 });
});

test('every secret signs, as an independent reader of Standard Webhooks computes it', async () => {
  const { url, arrived } = await openReceiver();
  const directory = temporaryDirectory();
  const secretPath = join(directory, 'secrets');
  const encoded = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
  writeFileSync(
    secretPath,
    `# new, then old\nwhsec_${encoded}\nan-old-secret-that-is-long-enough\n`,
  );
  const { tell, follow } = announcerFor(directory, [{ url, secretPath }]);
  follow();
  const beforeS = Math.floor(Date.now() / 1000);
  tell(opened());
  await expect.poll(() => arrived.length).toBe(1);
  const { headers, body } = arrived[0]!;
  const timestamp = headers['webhook-timestamp'];
  expect(Number(timestamp)).toBeGreaterThanOrEqual(beforeS);
  const expected = [
    Buffer.from(encoded, 'base64'),
    Buffer.from('an-old-secret-that-is-long-enough'),
  ]
    .map((key) => createHmac('sha256', key).update(`${headers['webhook-id']}.${timestamp}.${body}`))
    .map((mac) => `v1,${mac.digest('base64')}`);
  expect(headers['webhook-signature']).toBe(expected.join(' '));
  writeFileSync(secretPath, 'another-secret-that-is-long-enough');
  tell(closed());
  await expect.poll(() => arrived.length).toBe(2);
  const signed = String(arrived[1]!.headers['webhook-signature']);
  expect(expected).not.toContain(signed);
  expect(signed).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
});

test.for([500, 503, 404, 401, 302] as const)(
  'what is answered with %s comes again, the same and before what follows it',
  async (status) => {
    const { url, arrived } = await openReceiver((response, _, number) => {
      const isFirst = number <= 2;
      response.writeHead(
        isFirst ? status : 200,
        isFirst ? { location: 'http://127.0.0.1:1/' } : {},
      );
      response.end();
    });
    const { tell, follow } = announcerFor(temporaryDirectory(), [{ url }]);
    follow();
    tell(opened(), closed());
    const types = ['opened.v1', 'opened.v1', 'opened.v1', 'closed.v1'];
    await expect.poll(() => typesIn(arrived)).toEqual(types);
    expect(new Set(arrived.slice(0, 3).map(({ body }) => body)).size).toBe(1);
    expect(new Set(idsIn(arrived)).size).toBe(2);
  },
);

test('Retry-After is waited for', async () => {
  const times: number[] = [];
  const { url } = await openReceiver((response) => {
    const isFirst = times.push(performance.now()) === 1;
    response.writeHead(isFirst ? 429 : 200, isFirst ? { 'retry-after': '1' } : {}).end();
  });
  const { tell, follow } = announcerFor(temporaryDirectory(), [{ url }]);
  follow();
  tell(opened());
  await expect.poll(() => times.length, { timeout: 5_000 }).toBe(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
});

test('a receiver that hangs or resets holds up nobody, and gets it later', async () => {
  let isWell = false;
  const hanging = await openReceiver((response) => {
    if (isWell) response.end();
  });
  const resetting = await openReceiver((response) => {
    if (isWell) response.end();
    else response.socket?.resetAndDestroy();
  });
  const well = await openReceiver();
  const { tell, follow, announcer } = announcerFor(
    temporaryDirectory(),
    [hanging, resetting, well],
    { timeoutMs: 300 },
  );
  follow();
  tell(opened(), closed());
  await expect.poll(() => well.arrived.length).toBe(2);
  expect(announcer.receivers().map(({ waiting }) => waiting)).toEqual([2, 2, 0]);
  isWell = true;
  await expect
    .poll(() => announcer.receivers().map(({ waiting, sent }) => [waiting, sent]), {
      timeout: 5_000,
    })
    .toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
  expect(new Set(idsIn(hanging.arrived)).size).toBe(2);
});

test('what a receiver refuses for good is counted, and what follows is delivered', async () => {
  const { url, arrived } = await openReceiver((response, _, number) => {
    response.writeHead(number === 1 ? 400 : 200).end();
  });
  const { tell, follow, announcer } = announcerFor(temporaryDirectory(), [{ url }]);
  follow();
  tell(opened(), closed());
  await expect.poll(() => typesIn(arrived)).toEqual(['opened.v1', 'closed.v1']);
  await expect
    .poll(() => announcer.receivers()[0])
    .toMatchObject({ sent: 1, failed: 1, waiting: 0 });
});

test('a receiver that is gone is notified no longer, and nothing waits for it', async () => {
  const gone = await openReceiver((response) => response.writeHead(410).end());
  const { tell, follow, announcer, troubles } = announcerFor(temporaryDirectory(), [gone]);
  follow();
  tell(opened());
  await expect.poll(() => troubles.map(([, { code }]) => code)).toEqual(['gone']);
  tell(closed());
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(gone.arrived).toHaveLength(1);
  expect(announcer.receivers()[0]?.waiting).toBe(0);
});

test('what was not delivered is after a restart, with the id that it had', async () => {
  const dataDir = temporaryDirectory();
  let isWell = false;
  const { url, arrived } = await openReceiver((response) => {
    response.writeHead(isWell ? 200 : 500).end();
  });
  const first = announcerFor(dataDir, [{ url }]);
  first.follow();
  first.tell(opened());
  await expect.poll(() => arrived.length).toBeGreaterThan(0);
  await first.close();
  isWell = true;
  arrived.splice(1);
  const second = announcerFor(dataDir, [{ url }]);
  second.follow();
  await expect.poll(() => arrived.length).toBe(2);
  expect(arrived[1]?.body).toBe(arrived[0]?.body);
  expect(new Set(idsIn(arrived)).size).toBe(1);
  await expect.poll(() => second.announcer.receivers()[0]?.waiting).toBe(0);
});

test('a receiver that is new gets what comes from now on', async () => {
  const dataDir = temporaryDirectory();
  const early = await openReceiver((response) => response.writeHead(500).end());
  const first = announcerFor(dataDir, [early]);
  first.tell(opened());
  await first.close();
  const late = await openReceiver();
  const second = announcerFor(dataDir, [early, late]);
  second.follow();
  second.tell(closed());
  await expect.poll(() => typesIn(late.arrived)).toEqual(['closed.v1']);
});
