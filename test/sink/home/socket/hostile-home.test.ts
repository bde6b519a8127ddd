import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { linkTiming } from '../../../../src/sink/home/socket/home-link.ts';
import { homeSubprotocol } from '../../../../src/sink/home/socket/protocol.ts';
import { flood } from '../../../support/stub-peer.ts';
import { sendingBySocket } from './send.ts';
import { stubSocketHome } from './stub-socket-home.ts';

const patience = { timeout: 10_000 };

/** As in earnest, so that what ends the connection is not its haste. */
const patientLink = linkTiming;

/** A WebSocket as RFC 6455 section 1.3 opens it, over which the test writes what no library would. */
async function homeThatWrites(write: (stream: Duplex) => void) {
  const home = await stubSocketHome();
  const streams = new Set<Duplex>();
  home.refuse(({ headers }, stream) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    stream.on('error', () => {});
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    const head = `HTTP/1.1 101 Yes\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-protocol: ${homeSubprotocol}\r\n`;
    stream.write(`${head}sec-websocket-accept: ${accept}\r\n\r\n`);
    stream.resume();
    write(stream);
    return true;
  });
  onTestFinished(() => {
    for (const stream of streams) stream.destroy();
  });
  return { home, streams };
}

function frame(first: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(first, 0);
  head.writeUInt8(126, 1);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** In one write: the writer and the reader share a process here. */
function many(octets: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: 500 }, () => octets));
}

const text = 0x81;
const unfinished = 0x01;
const continued = 0x00;
const ping = 0x89;

const floods: Readonly<Record<string, (stream: Duplex) => void>> = {
  'a frame of 2^63 octets': (stream) => {
    stream.write(Buffer.from([text, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    flood(stream as never, Buffer.alloc(64 * 1024));
  },
  'a frame of one octet more than allowed': (stream) => {
    const head = Buffer.from([text, 127, 0, 0, 0, 0, 0, 1, 0, 1]);
    stream.write(head);
    flood(stream as never, Buffer.alloc(16 * 1024, 0x20));
  },
  'fragments without end': (stream) => {
    stream.write(frame(unfinished, Buffer.from('"')));
    flood(stream as never, many(frame(continued, Buffer.from('a'))));
  },
  'empty fragments without end': (stream) => {
    stream.write(Buffer.from([unfinished, 0]));
    flood(stream as never, Buffer.alloc(16 * 1024, Buffer.from([continued, 0])));
  },
  'a compressed frame': (stream) => void stream.write(frame(0xc1, Buffer.from('x'))),
  'a masked frame': (stream) => void stream.write(Buffer.from([text, 0x81, 0, 0, 0, 0, 0x41])),
  'text that is no UTF-8': (stream) => void stream.write(frame(text, Buffer.from([0xff]))),
  'pings without end': (stream) =>
    flood(stream as never, Buffer.alloc(16 * 1024, Buffer.from([ping, 0]))),
  'messages of unknown types without end': (stream) =>
    flood(stream as never, many(frame(text, Buffer.from('{"type":"x"}')))),
  'probe-now without end': (stream) =>
    flood(stream as never, many(frame(text, Buffer.from('{"type":"probe-now"}')))),
  'acknowledgements for nobody without end': (stream) =>
    flood(stream as never, many(frame(text, Buffer.from('{"type":"stored","ids":["x"]}')))),
};

test.for(Object.entries(floods))(
  '%s: the connection ends, nothing is lost, and nothing grows',
  async ([, write]) => {
    const { home } = await homeThatWrites(write);
    const before = process.memoryUsage();
    const { sender, spool, add } = sendingBySocket({ url: home.url }, { timing: patientLink });
    add('a');
    sender.start();
    // It comes again, so the first connection has been left.
    await vi.waitFor(() => expect(home.upgrades.length).toBeGreaterThan(1), patience);
    expect(spool.stats().waiting).toBe(1);
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.external - before.heapUsed - before.external;
    expect(grown).toBeLessThan(64e6);
  },
);

test.for(['{"type":"stored"}', '[]', 'null', '{"type":"busy","retryAfterMs":-1}', '{"type":7}'])(
  'a message like %s ends the connection, and is no word about the report',
  async (message) => {
    const home = await stubSocketHome();
    home.behave(({ say, number, ids }) =>
      say(number === 1 ? message : { type: 'stored', ids: [...ids] }),
    );
    const { sender, spool, add, troubles } = sendingBySocket({ url: home.url });
    add('a');
    sender.start();
    await vi.waitFor(() => expect(spool.stats().waiting).toBe(0), patience);
    expect(home.upgrades).toHaveLength(2);
    expect(troubles[0]).toEqual({ code: 'unreachable', error: 'WEBSOCKET_MALFORMED' });
    expect(spool.stats().lost.rejected).toBe(0);
  },
);

test('a home that says it is busy for ever is asked again after an hour at most', async () => {
  const home = await stubSocketHome();
  home.behave(({ say }) => say({ type: 'busy', retryAfterMs: Number.MAX_SAFE_INTEGER }));
  const delays: number[] = [];
  const clock = {
    ...systemClock,
    sleep: (delayMs: number, signal?: AbortSignal) => {
      delays.push(delayMs);
      return systemClock.sleep(delayMs, signal);
    },
  };
  const { sender, add } = sendingBySocket({ url: home.url }, {}, { clock });
  add('a');
  sender.start();
  await vi.waitFor(() => expect(delays).toHaveLength(1), patience);
  expect(delays[0]).toBeLessThanOrEqual(1.5 * 3_600_000);
});
