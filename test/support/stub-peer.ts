/** A peer on loopback that does whatever the test says with each connection: for what no decent server does. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface StubPeer {
  readonly port: number;
  /** Connections that are open now. */
  readonly openConnections: () => number;
  stop(): Promise<void>;
}

export async function startStubPeer(behave: (socket: Socket) => void): Promise<StubPeer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    behave(socket);
    // Reading on is what shows that the other side has left.
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    openConnections: () => sockets.size,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Writes the octets again and again, as fast as the reader takes them, until the connection ends. */
export function flood(socket: Socket, octets: Uint8Array): void {
  floodWith(socket, () => octets);
}

/** The same with octets that are made anew for each write, as records under a sequence number are. */
export function floodWith(socket: Socket, make: () => Uint8Array): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(make()));
  };
  socket.on('drain', more);
  more();
}

/** Writes one octet at a time, one each `everyMs`, until there are no more or the connection ends. */
export function drip(socket: Socket, octets: Uint8Array, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(octets.subarray(at, at + 1));
    at += 1;
    if (at >= octets.length) clearInterval(timer);
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}
