/** A gateway made of Node's https server in this process: for answers of every kind, and for refusals by a close. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Issued } from '../../support/openssl.ts';
import type { Stage } from '../stage.ts';
import type { Server } from './child.ts';

export interface NodeGateway {
  readonly port?: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  readonly server?: Issued;
  /** PEM of what is sent behind the server's own certificate. */
  readonly above?: string;
  /** Null: no certificate is requested. */
  readonly clientCa?: Issued | null;
  /** Whether TLS ends for a client that does not verify. Default: true. */
  readonly strict?: boolean;
  readonly options?: ServerOptions;
  readonly answer?: RequestListener;
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export async function startNode(stage: Stage, gateway: NodeGateway = {}): Promise<Server> {
  const { server = stage.servers.good, clientCa = stage.authorities.delegate } = gateway;
  const { strict = true, host = '127.0.0.1', above = '', answer, upgrade } = gateway;
  const port = gateway.port ?? (await stage.port());
  const https = createServer(
    {
      cert: server.cert + above,
      key: server.key,
      ...(clientCa && { ca: clientCa.cert, requestCert: true, rejectUnauthorized: strict }),
      ...gateway.options,
    },
    answer ?? ((_request, response) => response.end('ok')),
  );
  if (upgrade) https.on('upgrade', upgrade);
  https.on('tlsClientError', () => {});
  https.on('connection', (socket) => socket.on('error', () => {}));
  https.on('secureConnection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve, reject) => {
    https.once('error', reject).listen(port, host, resolve);
  });
  return stage.keep({
    port,
    stop: async () => {
      const closed = new Promise((resolve) => https.close(resolve));
      https.closeAllConnections();
      await closed;
    },
  });
}

/** A service over TLS that greets whoever comes, and is no web server. */
export async function startTlsService(stage: Stage, greeting: string): Promise<Server> {
  const port = await stage.port();
  const { cert, key } = stage.servers.good;
  const clients = new Set<TLSSocket>();
  const service = createTlsServer({ cert, key }, (client) => {
    clients.add(client);
    client.on('error', () => {}).on('close', () => clients.delete(client));
    client.resume().write(greeting);
  });
  service.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => service.listen(port, '127.0.0.1', resolve));
  return stage.keep({
    port,
    stop: async () => {
      const closed = new Promise((resolve) => service.close(resolve));
      for (const client of clients) client.destroy();
      await closed;
    },
  });
}
