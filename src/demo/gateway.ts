/** A gateway for the demo: demands mutual TLS, and refuses a client certificate with a real alert, as gateways do. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { Tap } from '../probe/tap.ts';
import { Refusal } from './refusal.ts';

export interface Gateway {
  readonly port: number;
  /** What the rotation of a secret does: from the next handshake on, another client CA counts. */
  useClientCa(clientCaPem: string): void;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly certPem: string;
  readonly keyPem: string;
  readonly clientCaPem: string;
}

/** AlertDescription unknown_ca (RFC 9846 section 6.2). */
const unknownCa = 48;

/** Listens on a free port of 127.0.0.1. Node's own TLS server would close without an alert. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const http = createHttpServer((_request, answer) => answer.end('ok\n'));
  const sockets = new Set<Socket>();
  let context = contextFor(options, options.clientCaPem);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    serve(socket, context, (secured) => http.emit('connection', secured));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    useClientCa: (clientCaPem) => {
      context = contextFor(options, clientCaPem);
    },
    close: () => close(server, sockets),
  };
}

/** One suite, so that the refusal knows which; TLS 1.3, where a refusal comes after the handshake looks done. */
const suite = { name: 'TLS_AES_256_GCM_SHA384', number: 0x1302 };

function contextFor({ certPem, keyPem }: GatewayOptions, clientCaPem: string): TlsOptions {
  return {
    cert: certPem,
    key: keyPem,
    ca: clientCaPem,
    minVersion: 'TLSv1.3',
    ciphers: suite.name,
    requestCert: true,
    rejectUnauthorized: false,
  };
}

/** A server of its own for each connection, so that key log and verdict are this connection's. */
function serve(socket: Socket, context: TlsOptions, accept: (secured: TLSSocket) => void): void {
  const refusal = new Refusal(suite.number);
  const server = createTlsServer(context, (secured) => {
    // OpenSSL's session tickets go out first.
    if (secured.authorized) accept(secured);
    else setImmediate(() => refusal.send(socket, unknownCa));
  });
  server.on('keylog', (line) => refusal.addKeyLog(line));
  server.on('tlsClientError', () => socket.destroy());
  server.emit('connection', new Tap(socket, refusal, () => 0));
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
