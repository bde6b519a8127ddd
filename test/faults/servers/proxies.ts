/** HTTP proxies: real ones, and peers that behave like bad ones. */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import type { Stage } from '../stage.ts';
import { type Server, startChild } from './child.ts';
import { startPeer } from './peers.ts';

export async function startTinyproxy(stage: Stage, lines: readonly string[] = []): Promise<Server> {
  const port = await stage.port();
  const path = stage.write(
    `tinyproxy-${port}.conf`,
    [
      ...[`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 30', 'MaxClients 20', 'LogLevel Critical'],
      ...[`LogFile "${join(stage.directory, 'tinyproxy.log')}"`, 'Allow 127.0.0.1'],
      ...lines,
      '',
    ].join('\n'),
  );
  return startChild(stage, 'tinyproxy', ['-d', '-c', path], port);
}

export async function startSquid(stage: Stage, lines: readonly string[]): Promise<Server> {
  const port = await stage.port();
  const at = (name: string) => join(stage.directory, name);
  const path = stage.write(
    `squid-${port}.conf`,
    [
      ...[`http_port 127.0.0.1:${port}`, `pid_filename ${at('squid.pid')}`, 'cache deny all'],
      ...['access_log none', `cache_log ${at('cache.log')}`, `coredump_dir ${stage.directory}`],
      ...['cache_mem 0', 'memory_pools off', 'pinger_enable off', 'shutdown_lifetime 0 seconds'],
      ...['visible_hostname squid.example', 'max_filedescriptors 256', 'netdb_filename none'],
      ...lines,
      '',
    ].join('\n'),
  );
  return startChild(stage, 'squid', ['-N', '-f', path], port);
}

/** A proxy that answers each CONNECT with these octets, and then does what it is told. */
export function startConnectStub(
  stage: Stage,
  answer: string,
  then: (socket: Socket) => void = (socket) => void socket.end(),
): Promise<Server> {
  return startPeer(stage, (socket) => {
    socket.once('data', () => {
      socket.write(answer, () => then(socket));
    });
  });
}

/** Tunnels to the port, whatever CONNECT names. */
export const tunnelTo =
  (port: number) =>
  (socket: Socket): void => {
    const upstream = connect({ host: '127.0.0.1', port });
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.pipe(socket).pipe(upstream);
  };

/** TLS in front of a proxy, under the certificate of the good gateway. */
export async function startTlsFront(stage: Stage, proxyPort: number): Promise<Server> {
  const port = await stage.port();
  const { cert, key } = stage.servers.good;
  const clients = new Set<TLSSocket>();
  const front = createServer({ cert, key }, (client) => {
    clients.add(client);
    client.on('error', () => {}).on('close', () => clients.delete(client));
    tunnelTo(proxyPort)(client);
  });
  front.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => front.listen(port, '127.0.0.1', resolve));
  return stage.keep({
    port,
    stop: async () => {
      const closed = new Promise((resolve) => front.close(resolve));
      for (const client of clients) client.destroy();
      await closed;
    },
  });
}
