/** Home's server: HTTP on loopback, HTTPS anywhere, bounded against slow and hostile senders. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { makeAdmission } from './admission.ts';
import { openEventStore } from './event-store.ts';
import type { Receiver, Reply } from './receive.ts';
import { receive } from './receive.ts';
import { SenderTokens } from './sender-tokens.ts';

export interface HomeOptions {
  /** Port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly dataDir: string;
  /** PEM, leaf first; without it home listens on loopback only. */
  readonly cert?: string;
  readonly key?: string;
  /** Path of the token file, see `sender-tokens.ts`. */
  readonly tokens?: string;
  /** PEM: certificates that it issued are as good as a token. */
  readonly clientCa?: string;
  readonly clock: Clock;
}

export interface Home {
  readonly url: string;
  readonly port: number;
  /** Lets requests in flight end, for at most a second. */
  close(): Promise<void>;
}

const maxConnections = 4_096;
const maxDiscardedBytes = 16 * 1024 * 1024;
const closeGraceMs = 1_000;
const serverLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** Throws CannotRun with what stands in the way. */
export async function startHome(options: HomeOptions): Promise<Home> {
  const { listen, dataDir, tokens: tokenPath, clientCa, clock } = options;
  if (options.cert === undefined) requireLoopback(listen.host);
  const tokens = tokenPath === undefined ? undefined : new SenderTokens(tokenPath);
  const store = openEventStore(dataDir);
  const admission = makeAdmission(tokens, clientCa !== undefined);
  try {
    const server = createServer(options, handler({ store, admission, clock }));
    server.maxConnections = maxConnections;
    server.listen(listen.port, listen.host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const host = isIP(listen.host) === 6 ? `[${listen.host}]` : listen.host;
    return {
      url: `${options.cert === undefined ? 'http' : 'https'}://${host}:${port}/`,
      port,
      close: async () => {
        const closed = once(server, 'close');
        server.close();
        server.closeIdleConnections();
        const cancel = clock.after(closeGraceMs, () => server.closeAllConnections());
        await closed;
        cancel();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw cannotListen(listen, error);
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function createServer({ cert, key, clientCa }: HomeOptions, handle: Handler) {
  if (cert === undefined) return createPlainServer(serverLimits, handle);
  const tls = {
    cert,
    ...(key !== undefined && { key }),
    minVersion: 'TLSv1.2',
    handshakeTimeout: 10_000,
    // Asked for and judged, but not demanded: a token does as well.
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  } as const;
  return createTlsServer({ ...serverLimits, ...tls }, handle);
}

function handler(receiver: Receiver): Handler {
  return (request, response) => {
    receive(request, receiver)
      .catch((): Reply => {
        // The store failed, or the sender went away: it is told to come again, and keeps what it has.
        return {
          status: 503,
          body: { status: 503, title: 'Not stored' },
          headers: { 'retry-after': '10' },
        };
      })
      .then((reply) => answer(request, response, reply))
      .catch(() => response.destroy());
  };
}

function answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(JSON.stringify(reply.body));
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

function cannotListen({ host, port }: HomeOptions['listen'], error: unknown): CannotRun {
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
