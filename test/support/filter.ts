/** A middlebox on loopback: looks at each ClientHello and resets the connection or passes it on to a real server. */
import { connect, type Socket } from 'node:net';
import { type StubPeer, startStubPeer } from './stub-peer.ts';

export interface Filter extends StubPeer {
  /** Connections that came, passed on or not. */
  readonly connections: () => number;
}

/** `passes` is given the first record whole: header and ClientHello. */
export async function startFilter(
  upstreamPort: number,
  passes: (hello: Buffer) => boolean,
): Promise<Filter> {
  let connections = 0;
  const peer = await startStubPeer((socket) => {
    connections += 1;
    let hello = Buffer.alloc(0);
    const gather = (octets: Buffer): void => {
      hello = Buffer.concat([hello, octets]);
      if (hello.length < 5 || hello.length < 5 + hello.readUInt16BE(3)) return;
      socket.off('data', gather);
      if (passes(hello)) passOn(socket, hello, upstreamPort);
      else socket.resetAndDestroy();
    };
    socket.on('data', gather);
  });
  return { ...peer, connections: () => connections };
}

function passOn(socket: Socket, first: Buffer, port: number): void {
  const upstream = connect(port, '127.0.0.1', () => {
    upstream.write(first);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}
