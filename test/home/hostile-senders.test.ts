/** Home against senders that send anything: each gets an answer or the end of its connection, and home goes on. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate } from '../../scripts/fuzz/mutate.ts';
import { randomIntegers } from '../../scripts/fuzz/random.ts';
import { homeEvent } from '../../scripts/fuzz/targets/home-event.ts';
import { systemClock } from '../../src/base/clock.ts';
import { type Home, startHome } from '../../src/home/start-home.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const listen = { host: '127.0.0.1', port: 0 };
let home: Home;

beforeAll(async () => {
  home = await startHome({ listen, clock: systemClock, dataDir: join(directory, 'data') });
});
afterAll(() => home.close());

const types = [
  'application/cloudevents-batch+json',
  'application/cloudevents+json; charset=utf-8',
  'text/plain',
];

async function post(body: Uint8Array, type: string): Promise<number> {
  const sending = request(home.url, { method: 'POST', headers: { 'content-type': type } });
  sending.end(body);
  const [answer] = await once(sending, 'response');
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  expect(typeof JSON.parse(text)).toBe('object');
  return answer.statusCode;
}

async function isWell(): Promise<boolean> {
  const asking = request(new URL('/healthz', home.url)).end();
  const [answer] = await once(asking, 'response');
  answer.resume();
  return answer.statusCode === 200;
}

test('a damaged batch is answered like any other, whatever it holds', async () => {
  const integer = randomIntegers(8_470);
  const statuses = new Set<number>();
  for (let number = 0; number < 150; number += 1) {
    const type = types[integer(10) === 0 ? integer(types.length) : 0] ?? '';
    statuses.add(await post(mutate(homeEvent, integer), type));
  }
  expect([...statuses].filter((status) => ![200, 400, 413, 415].includes(status))).toEqual([]);
  expect(statuses.size).toBeGreaterThan(1);
  expect(await isWell()).toBe(true);
});

test('a damaged request ends or is answered, and home is well afterwards', async () => {
  const integer = randomIntegers(8_471);
  const head =
    'POST /events HTTP/1.1\r\nhost: home\r\ncontent-type: application/cloudevents+json\r\n';
  const seeds = [
    `${head}content-length: 2\r\nconnection: close\r\n\r\n{}`,
    `${head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    'GET /healthz HTTP/1.1\r\nhost: home\r\nconnection: close\r\n\r\n',
  ].map((text) => Buffer.from(text));
  const words = [
    '\r\n',
    '\r\n\r\n',
    '\0',
    'ffffffffffff\r\n',
    'upgrade: websocket\r\n',
    'expect: 100-continue\r\n',
  ];
  const target = { seeds, words, run: () => {} };
  for (let number = 0; number < 150; number += 1) {
    const socket = connect(home.port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.end(mutate(target, integer));
    await once(socket, 'close');
  }
  expect(await isWell()).toBe(true);
});
