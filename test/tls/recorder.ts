/** Records real handshakes as a tap sees them: chunks of both directions and key log lines, in order. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { Transcript } from '../../src/tls/transcript.ts';
import type { Wire } from '../../src/tls/wire.ts';

export interface StreamEvent {
  readonly kind: 'sent' | 'received' | 'keylog';
  readonly octets: Buffer;
  readonly atMs: number;
}

export interface Recording {
  readonly events: readonly StreamEvent[];
  /** As decoded live, in the order of the real events. */
  readonly wire: Wire;
  readonly secured: boolean;
  readonly errorCode?: string;
  /** What the TLS client itself says of the connection. */
  readonly cipher?: string;
  readonly protocol?: string | null;
}

/** The simplest tap: shows each chunk to `see` before TLS does; `alter` may change what the server said. */
class TestTap extends Duplex {
  readonly socket: net.Socket;
  readonly see: (kind: 'sent' | 'received', octets: Buffer) => void;

  constructor(
    socket: net.Socket,
    see: (kind: 'sent' | 'received', octets: Buffer) => void,
    alter: (octets: Buffer) => Buffer,
  ) {
    super();
    this.socket = socket;
    this.see = see;
    socket.on('data', (chunk) => {
      const octets = alter(chunk);
      see('received', octets);
      this.push(octets);
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.see('sent', Buffer.from(chunk));
    this.socket.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}

export interface Act {
  readonly alter?: (octets: Buffer) => Buffer;
  /** Runs once connected; by default a request is sent, and the answer read to its end. */
  readonly use?: (socket: tls.TLSSocket) => Promise<void>;
}

const request = 'GET / HTTP/1.0\r\n\r\n';

export async function record(
  port: number,
  options: tls.ConnectionOptions,
  act: Act = {},
): Promise<Recording> {
  const events: StreamEvent[] = [];
  const transcript = new Transcript();
  const see = (kind: StreamEvent['kind'], octets: Buffer): void => {
    const atMs = performance.now();
    events.push({ kind, octets: Buffer.from(octets), atMs });
    if (kind === 'keylog') transcript.keylog(octets);
    else transcript[kind](octets, atMs);
  };
  const tcp = net.connect({ port, host: '127.0.0.1', noDelay: true });
  await once(tcp, 'connect');
  const tap = new TestTap(tcp, see, act.alter ?? ((octets) => octets));
  const socket = tls.connect({ socket: tap, rejectUnauthorized: false, ...options });
  let secured = false;
  let errorCode: string | undefined;
  let cipher: string | undefined;
  let protocol: string | null = null;
  socket.on('keylog', (line) => see('keylog', line));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    errorCode ??= error.code ?? 'UNKNOWN';
  });
  const closed = new Promise((resolve) => tap.once('close', resolve));
  socket.once('secureConnect', () => {
    secured = true;
    cipher = socket.getCipher().standardName;
    protocol = socket.getProtocol();
    socket.resume();
    if (act.use) void act.use(socket).finally(() => socket.end());
    else socket.write(request);
  });
  socket.once('end', () => socket.end());
  await closed;
  socket.destroy();
  const wire = transcript.snapshot();
  transcript.forget();
  return {
    events,
    wire,
    secured,
    protocol,
    ...(cipher && { cipher }),
    ...(errorCode && { errorCode }),
  };
}

/** Feeds recorded events to a new transcript and gives what it saw, times left out. */
export function decode(events: readonly StreamEvent[]): unknown {
  const transcript = new Transcript();
  for (const { kind, octets, atMs } of events) {
    if (kind === 'keylog') transcript.keylog(octets);
    else transcript[kind](octets, atMs);
  }
  const wire = transcript.snapshot();
  transcript.forget();
  return withoutTimes(wire);
}

export function withoutTimes(wire: Wire): unknown {
  return JSON.parse(
    JSON.stringify(wire, (key, value) => {
      if (key === 'atMs') return undefined;
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    }),
  );
}

export interface Server {
  readonly port: number;
  /** Commands of s_server. */
  type(text: string): void;
  close(): void;
}

/** `openssl s_server` on a port of its own. */
export async function startOpenssl(directory: string, ...args: string[]): Promise<Server> {
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...args], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('latin1').on('data', (text) => {
    output += text;
  });
  let complaint = '';
  child.stderr.setEncoding('latin1').on('data', (text) => {
    complaint += text;
  });
  while (!/ACCEPT .*:\d+\n/.test(output)) {
    if (child.exitCode !== null) throw new Error(`s_server: ${complaint}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const port = Number(/ACCEPT .*:(\d+)\n/.exec(output)?.[1]);
  return {
    port,
    type: (text) => child.stdin.write(text),
    close: () => child.kill('SIGKILL'),
  };
}

/** Node's own TLS server, which answers one line and ends. */
export async function startNode(options: tls.TlsOptions): Promise<Server> {
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    type: () => {},
    close: () => server.close(),
  };
}

export interface Certificates {
  readonly directory: string;
  /** PEM by file name: `ca.crt`, `server.crt`, `server.key`, `client.crt`, `client.key`, `ec.crt`, `ec.key`. */
  pem(name: string): string;
  remove(): void;
}

/** An authority, an RSA and an EC server and a client, minted with the openssl command. */
export function mintCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'sidelight-tls-'));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const mint = (name: string, subject: string, key: readonly string[], ...more: string[]) =>
    openssl(
      ...['req', '-x509', '-nodes', '-days', '2', '-subj', subject, '-keyout', `${name}.key`],
      ...['-out', `${name}.crt`, ...key, ...more],
    );
  const byCa = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=DNS:localhost'];
  mint('ca', '/O=Sidelight/CN=Test CA', ec);
  mint('server', '/CN=localhost', ['-newkey', 'rsa:2048'], ...byCa);
  mint('ec', '/CN=localhost', ec, ...byCa);
  mint('client', '/CN=delegate', ec, ...byCa);
  return {
    directory,
    pem: (name) => readFileSync(join(directory, name), 'latin1'),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** An OCSP response for `ec.crt`, as `ocsp.der`: good, or revoked at that time (`240102030405Z`). */
export function mintOcspResponse({ directory }: Certificates, revokedAt?: string): Buffer {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const serial = openssl('x509', '-in', 'ec.crt', '-noout', '-serial')
    .toString()
    .trim()
    .split('=')[1];
  writeFileSync(
    join(directory, 'index.txt'),
    `${revokedAt ? 'R' : 'V'}\t491231235959Z\t${revokedAt ?? ''}\t${serial}\tunknown\t/CN=localhost\n`,
  );
  openssl(
    ...['ocsp', '-index', 'index.txt', '-CA', 'ca.crt', '-rsigner', 'ca.crt', '-rkey', 'ca.key'],
    ...['-issuer', 'ca.crt', '-cert', 'ec.crt', '-ndays', '1', '-respout', 'ocsp.der'],
  );
  return readFileSync(join(directory, 'ocsp.der'));
}
