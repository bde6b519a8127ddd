/** Syslog over TCP or TLS: each message after its length in octets (RFC 6587 section 3.4.1, RFC 5425 section 4.3). */
import { readFile } from 'node:fs/promises';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import type { SyslogConfig } from '../../config/config.ts';
import type { Carrier } from './carrier.ts';

export interface StreamOptions {
  readonly syslog: SyslogConfig;
  readonly clock: Clock;
  /** Of the dial with its handshake, and of a single message: a peer that takes nothing is left. */
  readonly timeoutMs: number;
  /** Aborted: the dial ends at once. */
  readonly signal: AbortSignal;
}

/** An orderly end takes no longer. */
const closingMs = 200;

/** Rejects with what went wrong in `code`: an errno, OpenSSL's code, or TIMEOUT. */
export async function openStream(options: StreamOptions): Promise<Carrier> {
  const { syslog, clock, timeoutMs, signal } = options;
  const isTls = syslog.protocol === 'tls';
  const socket = isTls ? await dialTls(syslog) : dialTcp(syslog);
  const ended = endOf(socket);
  const within = (work: Work): Promise<void> => settle(socket, ended, clock, timeoutMs, work);
  const abandon = (): void => void socket.destroy();
  signal.addEventListener('abort', abandon);
  await within((done) => socket.once(isTls ? 'secureConnect' : 'connect', () => done()));
  signal.removeEventListener('abort', abandon);
  return {
    send: (message) => within((done) => void socket.write(frame(message), done)),
    ended,
    close: () => {
      socket.end();
      const cancel = clock.after(closingMs, abandon);
      void ended.then(cancel);
    },
  };
}

function frame(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function endOf(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let code = 'CLOSED';
  socket.on('error', (error) => {
    code = errorCode(error);
  });
  socket.on('close', () => resolve(code));
  // A receiver has nothing to say; reading on is what shows that it left.
  socket.resume();
  return promise;
}

type Work = (done: (error?: Error | null) => void) => void;

/** Settles with `work`, or rejects when the socket ends or the time is over. */
async function settle(
  socket: Socket,
  ended: Promise<string>,
  clock: Clock,
  timeoutMs: number,
  work: Work,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(timeoutMs, () => socket.destroy(withCode('TIMEOUT')));
  void ended.then((code) => reject(withCode(code)));
  // The error of a write is the socket's as well, and `ended` has its code.
  work((error) => {
    if (!error) resolve();
  });
  await promise.finally(cancel);
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function dialTcp({ host, port }: SyslogConfig): Socket {
  return tcpConnect({ host, port, keepAlive: true, noDelay: true });
}

/** Files are read anew at each dial, because they rotate. */
async function dialTls({ host, port, caPath, certPath, keyPath }: SyslogConfig): Promise<Socket> {
  const [ca, cert, key] = await Promise.all([caPath, certPath, keyPath].map(contentOf));
  return tlsConnect({
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    minVersion: 'TLSv1.2',
    // Said outright, since the environment can turn the default off: events go to no stranger.
    rejectUnauthorized: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  }).setKeepAlive(true);
}

async function contentOf(path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : readFile(path);
}
