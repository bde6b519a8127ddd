import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Connections } from '../../src/home/connections.ts';

/** As much of a socket as `Connections` asks for. */
class Peer extends EventEmitter {
  readonly remoteAddress: string;
  readonly remotePort: number;
  isGone = false;

  constructor(remoteAddress: string, remotePort: number) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  destroy(): void {
    this.isGone = true;
    this.emit('close');
  }
}

const limits = { connections: 10, strangers: 6, strangersPerAddress: 4, kept: 3 };

function connect(connections: Connections, address: string, ...ports: readonly number[]) {
  return ports.map((port) => {
    const peer = new Peer(address, port);
    connections.add(peer);
    return peer;
  });
}

const gone = (peers: readonly Peer[]) => peers.map(({ isGone }) => isGone);

test('of one address, the longest silent connections go first', () => {
  const connections = new Connections(limits);
  const flood = connect(connections, '192.0.2.1', 1, 2, 3, 4, 5, 6);
  expect(gone(flood)).toEqual([true, true, false, false, false, false]);
  expect([connections.open, connections.shed]).toEqual([4, 2]);
});

test('of many addresses, the one with the most gives way', () => {
  const connections = new Connections(limits);
  const [good] = connect(connections, '192.0.2.9', 1);
  const flood = connect(connections, '192.0.2.1', 1, 2, 3);
  connect(connections, '192.0.2.2', 1, 2, 3);
  expect(good?.isGone).toBe(false);
  expect(gone(flood)).toEqual([true, false, false]);
});

test('all addresses of one IPv6 network count as one', () => {
  const connections = new Connections(limits);
  const flood = [1, 2, 3, 4, 5].flatMap((n) => connect(connections, `2001:db8:1:2::${n}`, n));
  expect(gone(flood)).toEqual([true, false, false, false, false]);
});

test('whoever was let in is closed only when there is no stranger and it is idle', () => {
  const connections = new Connections(limits);
  const peers = connect(connections, '192.0.2.1', 1, 2, 3);
  const releases = peers.map((peer) => connections.welcome(peer));
  const rest = [2, 3, 4].flatMap((n) => connect(connections, `192.0.2.${n}`, 1, 2, 3));
  expect(gone(peers)).toEqual([false, false, false]);
  for (const peer of rest) if (!peer.isGone) connections.welcome(peer)();
  releases[0]?.();
  connect(connections, '192.0.2.8', 1, 2);
  expect(connections.open).toBe(10);
  expect(gone(peers)).toEqual([false, false, false]);
});

test('a connection that ends by itself is forgotten', () => {
  const connections = new Connections(limits);
  const peers = connect(connections, '192.0.2.1', 1, 2, 3);
  const release = connections.welcome(peers[0] as Peer);
  for (const peer of peers) peer.destroy();
  release();
  expect([connections.open, connections.shed]).toEqual([0, 0]);
  connect(connections, '192.0.2.1', 1, 2, 3, 4);
  expect(connections.shed).toBe(0);
});

test('so many of those that were let in are kept as there are places, and no others while they last', () => {
  const connections = new Connections(limits);
  const peers = connect(connections, '192.0.2.1', 1, 2, 3, 4);
  const answer = () =>
    peers.map((peer) => {
      connections.welcome(peer)();
      return connections.keep(peer);
    });
  expect(answer()).toEqual([true, true, true, false]);
  expect(answer()).toEqual([true, true, true, false]);
  expect(connections.isCrowded).toBe(true);
  peers[1]?.destroy();
  expect(connections.isCrowded).toBe(false);
  expect(peers[3] && connections.keep(peers[3])).toBe(true);
});

test('who shows no credential takes no place of those that are kept', () => {
  const connections = new Connections(limits);
  const strangers = connect(connections, '192.0.2.1', 1, 2, 3, 4);
  expect(strangers.map((peer) => connections.keep(peer))).toEqual([true, true, true, true]);
  expect(connections.isCrowded).toBe(false);
  for (const peer of connect(connections, '192.0.2.2', 1, 2, 3)) {
    connections.welcome(peer)();
    connections.keep(peer);
  }
  expect(strangers[0] && connections.keep(strangers[0])).toBe(false);
});
