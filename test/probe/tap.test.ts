import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Tap } from '../../src/probe/tap.ts';

interface Pair {
  readonly tap: Tap;
  readonly peer: Socket;
  /** `sent x` and `received x`, in order. */
  readonly seen: readonly string[];
}

async function makePair(lingers: boolean, enough = Number.POSITIVE_INFINITY): Promise<Pair> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  await once(socket, 'connect');
  const [peer] = (await accepted) as [Socket];
  peer.on('error', () => {});
  server.close();
  const seen: string[] = [];
  const watcher = {
    sent: (octets: Uint8Array) => seen.push(`sent ${Buffer.from(octets)}`),
    received: (octets: Uint8Array) => seen.push(`received ${Buffer.from(octets)}`),
    get hasEnough() {
      return seen.length >= enough;
    },
  };
  const tap = new Tap(socket, watcher, () => 0, { lingers });
  tap.on('error', () => {});
  return { tap, peer, seen };
}

test('what the peer said before its reset is read though our write fails first', async () => {
  const { tap, peer, seen } = await makePair(true);
  // All of it in one turn of the loop: nothing is read before the write has failed.
  peer.write('why');
  peer.resetAndDestroy();
  tap.write('too late');
  const [octets] = await once(tap, 'data');
  expect(String(octets)).toBe('why');
  await tap.peerLeft;
  expect(seen).toEqual(['received why']);
  expect(tap.ending).toMatchObject({ by: 'peer', how: 'reset' });
  tap.cut();
});

test('a peer that closed before it reset our late octets has ended it by FIN', async () => {
  const { tap, peer, seen } = await makePair(true);
  peer.end('why');
  await once(peer, 'finish');
  // Nobody has read yet; the peer's system answers this with a reset, as nobody is there to read it.
  peer.destroy();
  tap.write('late');
  tap.write('too late');
  tap.resume();
  await tap.peerLeft;
  expect(seen).toContain('received why');
  expect(tap.ending).toMatchObject({ by: 'peer', how: 'fin' });
  tap.cut();
});

test('a failed write ends a tap that nobody reads from any more', async () => {
  const { tap, peer } = await makePair(false);
  peer.resetAndDestroy();
  tap.write('too late');
  await once(tap, 'close');
  expect(tap.destroyed).toBe(true);
});

test('a tap that lingers hears the peer out after it was destroyed', async () => {
  const { tap, peer, seen } = await makePair(true);
  tap.resume();
  peer.write('first');
  await once(tap, 'data');
  tap.destroy();
  peer.end('second');
  await tap.peerLeft;
  expect(seen).toEqual(['received first', 'received second']);
  expect(tap.ending).toMatchObject({ by: 'peer', how: 'fin' });
  tap.cut();
});

test('a cut tap closes the socket, and the end is ours', async () => {
  const { tap, peer } = await makePair(true);
  peer.resume();
  tap.destroy();
  tap.cut();
  await once(peer, 'close');
  expect(tap.ending).toMatchObject({ by: 'us', how: 'fin' });
});

test('a tap that does not linger closes the socket when it is destroyed', async () => {
  const { tap, peer } = await makePair(false);
  peer.resume();
  tap.destroy();
  await once(peer, 'close');
  expect(tap.ending).toMatchObject({ by: 'us', how: 'fin' });
});

test('a watcher that has enough ends the connection at our limit', async () => {
  const { tap, peer, seen } = await makePair(false, 2);
  tap.resume();
  peer.write('a little');
  await expect.poll(() => seen).toHaveLength(1);
  expect(tap.ending).toBeUndefined();
  const left = once(peer, 'close');
  peer.write('and more');
  await left;
  expect(seen).toHaveLength(2);
  expect(tap.ending).toMatchObject({ by: 'us', how: 'limit' });
});
