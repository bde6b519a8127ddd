/** Home's server: HTTP on loopback, HTTPS anywhere, bounded against slow and hostile senders. */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { beginInTurn } from './begin-in-turn.ts';
import type { Connected, Connections } from './connections.ts';
import type { Reply } from './receive.ts';
import { contextOf, type RenewalOptions, renewTls } from './renew-tls.ts';

export interface ServerOptions {
  /** Port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM, leaf first; without it home listens on loopback only. */
  readonly cert?: string;
  readonly key?: string;
  /** PEM: certificates that it issued are as good as a token. */
  readonly clientCa?: string;
  /** Where these are read again; without it they stay. */
  readonly renewal?: Pick<RenewalOptions, 'read' | 'onRenewed'>;
}

export interface ServerGround extends Pick<RenewalOptions, 'clock' | 'random' | 'onFault'> {
  readonly connections: Connections;
}

export interface HomeServer {
  readonly url: string;
  readonly port: number;
  /** Where others listen for `upgrade`. */
  readonly server: Server;
  /** Lets requests in flight end, for at most a second. */
  close(): Promise<void>;
}

const maxDiscardedBytes = 16 * 1024 * 1024;
const closeGraceMs = 1_000;
const serverLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
  // Until it is its turn.
  pauseOnConnect: true,
  // What asks for another protocol than WebSocket (`h2c`) is answered as if it had not.
  shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
    headers.upgrade?.toLowerCase() === 'websocket',
} as const;
/** Of a connection on which nothing moves, as where a peer reads no answer. */
const stillMs = 120_000;

/** Throws CannotRun with what stands in the way. */
export async function openServer(
  options: ServerOptions,
  answerTo: (request: IncomingMessage) => Promise<Reply>,
  ground: ServerGround,
): Promise<HomeServer> {
  const { listen } = options;
  const { connections, clock } = ground;
  if (options.cert === undefined) requireLoopback(listen.host);
  try {
    const server = createServer(options, ground);
    const onAnswered = beginInTurn(server, clock);
    server.on('request', oneAtATime(answerTo, connections, onAnswered));
    server.on('upgrade', ({ socket }) => onAnswered(socket));
    server.on('connection', (socket) => connections.add(socket));
    server.setTimeout(stillMs);
    server.listen({ ...listen, backlog: 4_096 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const host = isIP(listen.host) === 6 ? `[${listen.host}]` : listen.host;
    return {
      url: `${options.cert === undefined ? 'http' : 'https'}://${host}:${port}/`,
      port,
      server,
      close: () => close(server, clock),
    };
  } catch (error) {
    throw cannotListen(listen, error);
  }
}

/**
 * One request of a connection after the other. No agent sends the next one before the last is answered; whoever
 * does could have thousands of them read in one turn of the event loop, and loses the connection.
 */
function oneAtATime(
  answerTo: (request: IncomingMessage) => Promise<Reply>,
  connections: Connections,
  onAnswered: (socket: Connected) => void,
): RequestListener {
  const answering = new WeakSet<object>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    if (answering.has(socket)) {
      socket.destroy();
      return;
    }
    answering.add(socket);
    answerTo(request)
      .then((reply) => {
        answering.delete(socket);
        onAnswered(socket);
        if (!connections.keep(socket)) response.shouldKeepAlive = false;
        answer(request, response, reply);
      })
      .catch(() => response.destroy());
  };
}

async function close(server: Server, clock: Clock): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cancel = clock.after(closeGraceMs, () => server.closeAllConnections());
  await closed;
  cancel();
}

function createServer(options: ServerOptions, ground: ServerGround): Server {
  const { cert, key, clientCa, renewal } = options;
  if (cert === undefined) return createPlainServer(serverLimits);
  const inUse = {
    cert,
    ...(key !== undefined && { key }),
    ...(clientCa !== undefined && { clientCa }),
  };
  const tls = {
    ...contextOf(inUse),
    handshakeTimeout: 10_000,
    // Asked for and judged, but not demanded: a token does as well.
    ...(clientCa !== undefined && { requestCert: true, rejectUnauthorized: false }),
  } as const;
  const server = createTlsServer({ ...serverLimits, ...tls });
  if (renewal) server.once('close', renewTls(server, { ...ground, ...renewal, inUse }));
  return server;
}

function answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.text ?? JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    'content-type': reply.status >= 400 ? 'application/problem+json' : 'application/json',
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...reply.headers,
  });
  if (request.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  discard(request, () => response.end());
}

/** Reads on for a while: closing with octets unread would reset the connection, and the answer would be lost with it. */
function discard(request: IncomingMessage, done: () => void): void {
  let octets = 0;
  request.on('data', (chunk: Buffer) => {
    octets += chunk.length;
    if (octets > maxDiscardedBytes) request.destroy();
  });
  request.once('end', done);
  request.resume();
}

function requireLoopback(host: string): void {
  if (host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)) return;
  throw new CannotRun([
    {
      where: '--listen',
      what: `${host} can be reached from elsewhere, and there is no certificate`,
      expected: '--cert and --key, or an address of loopback',
    },
  ]);
}

function cannotListen({ host, port }: ServerOptions['listen'], error: unknown): CannotRun {
  const code = errorCode(error);
  const isTls = code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS');
  const problem = isTls
    ? {
        where: '--cert',
        what: `it cannot be used (${code})`,
        expected: 'PEM of a certificate and its key',
      }
    : {
        where: '--listen',
        what: `${host}:${port} cannot be had (${code})`,
        expected: 'a free port of this machine',
      };
  return new CannotRun([problem], { cause: error });
}
