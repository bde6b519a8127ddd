import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import type { SyslogConfig } from '../../../src/config/config.ts';
import { SyslogSender, type SyslogSenderOptions } from '../../../src/sink/syslog/syslog-sender.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { readFrames } from './frames.ts';

const directory = temporaryDirectory();

interface Receiver {
  readonly port: number;
  readonly messages: string[];
  readonly sockets: Set<Socket>;
  /** Ends every connection and takes no more. */
  stop(): Promise<void>;
}

/** A receiver that keeps what it is told; `behave` in place of that does whatever else. */
async function listen(
  server: Server,
  port = 0,
  behave?: (socket: Socket) => void,
): Promise<Receiver> {
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  server.on(isTls(server) ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    if (behave) behave(socket);
    else readFrames(socket, messages);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(stop);
  return { port: (server.address() as AddressInfo).port, messages, sockets, stop };
}

const isTls = (server: Server): boolean => 'setSecureContext' in server;

function sender(
  syslog: Omit<SyslogConfig, 'host'>,
  options: Partial<SyslogSenderOptions> = {},
): { readonly sender: SyslogSender; readonly said: string[]; readonly lost: number[] } {
  const said: string[] = [];
  const lost: number[] = [];
  const made = new SyslogSender({
    syslog: { host: '127.0.0.1', ...syslog },
    clock: systemClock,
    random: systemRandom,
    backoff: { baseMs: 20, capMs: 50, floorMs: 10 },
    onTrouble: (code) => said.push(code),
    onLoss: (messages) => lost.push(messages),
    ...options,
  });
  onTestFinished(() => void made.close(0));
  return { sender: made, said, lost };
}

test('over TCP each message stands after its length in octets, in order', async () => {
  const { port, messages } = await listen(createServer());
  const { sender: log } = sender({ protocol: 'tcp', port });
  const sent = Array.from({ length: 500 }, (_, n) => `<14>1 - - - - - - n${n} é\u{1f512}`);
  for (const message of sent) log.write(message);
  expect(await log.close(2_000)).toBe(true);
  await expect.poll(() => messages).toEqual(sent);
});

test('over UDP each message is a datagram', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  const messages: string[] = [];
  socket.on('message', (octets) => messages.push(octets.toString()));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { sender: log } = sender({ protocol: 'udp', port: socket.address().port });
  log.write('one');
  log.write('x'.repeat(65_508));
  log.write('two');
  expect(await log.close(1_000)).toBe(true);
  await expect.poll(() => messages).toEqual(['one', 'two']);
  expect(log.dropped()).toBe(1);
});

test('over TLS both sides show a certificate, and a receiver of another authority gets nothing', async () => {
  const pki = makePki(directory);
  const ca = pki.ca('Syslog CA');
  const other = pki.ca('Other CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'agent', ca });
  const { port, messages } = await listen(
    createTlsServer({
      cert: server.cert,
      key: server.key,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    }),
  );
  const files = { certPath: client.certPath, keyPath: client.keyPath };
  const tls = { protocol: 'tls', host: 'localhost', port } as const;
  const { sender: log } = sender({ ...tls, caPath: ca.certPath, ...files });
  log.write('proven');
  expect(await log.close(3_000)).toBe(true);
  await expect.poll(() => messages).toEqual(['proven']);

  const { sender: wary, said } = sender({ ...tls, caPath: other.certPath, ...files });
  wary.write('to a stranger');
  await expect.poll(() => said.length, { timeout: 3_000 }).toBeGreaterThan(0);
  expect(said[0]).toMatch(/^UNABLE_TO_|SELF_SIGNED/);
  expect(await wary.close(50)).toBe(false);
  expect(messages).toEqual(['proven']);
});

test('a TLS receiver that refuses us after the handshake has not taken the message', async () => {
  const pki = makePki(directory);
  const ca = pki.ca('Strict CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'agent', ca });
  const { port } = await listen(
    createTlsServer({
      cert: server.cert,
      key: server.key,
      ca: pki.ca('Nobody').cert,
      requestCert: true,
      rejectUnauthorized: true,
    }),
  );
  const { sender: log, said } = sender({
    ...{ protocol: 'tls', host: 'localhost', port, caPath: ca.certPath },
    ...{ certPath: client.certPath, keyPath: client.keyPath },
  });
  log.write('unseen');
  await expect.poll(() => said.length, { timeout: 3_000 }).toBeGreaterThan(0);
  expect(await log.close(50)).toBe(false);
});

test('a receiver that goes and comes again gets what was sent meanwhile, and what it may have left unread', async () => {
  const first = await listen(createServer());
  const { port } = first;
  const { sender: log, said } = sender({ protocol: 'tcp', port });
  log.write('before');
  await expect.poll(() => first.messages).toEqual(['before']);
  await first.stop();
  await expect.poll(() => said.length).toBeGreaterThan(0);
  log.write('meanwhile');
  const second = await listen(createServer(), port);
  await expect.poll(() => second.messages, { timeout: 3_000 }).toEqual(['before', 'meanwhile']);
  await expect.poll(() => said.at(-1), { timeout: 4_000 }).toBe('none');
  expect(log.dropped()).toBe(0);
});

test('a receiver that reads nothing costs messages, which are counted and told when it reads again', async () => {
  let read = (): void => {};
  const messages: string[] = [];
  const { port, sockets } = await listen(createServer(), 0, (socket) => {
    socket.pause();
    read = () => readFrames(socket, messages);
  });
  const { sender: log, lost } = sender({ protocol: 'tcp', port }, { maxQueueBytes: 100_000 });
  log.write('first');
  await expect.poll(() => sockets.size).toBe(1);
  let sent = 1;
  while (log.dropped() < 10 && sent < 50_000) {
    const before = performance.now();
    log.write('x'.repeat(10_000));
    expect(performance.now() - before).toBeLessThan(50);
    sent += 1;
    if (sent % 5 === 0) await systemClock.sleep(1);
  }
  expect(log.dropped()).toBe(10);
  read();
  await expect.poll(() => lost, { timeout: 5_000 }).toEqual([10]);
  expect(await log.close(2_000)).toBe(true);
  await expect.poll(() => messages.length).toBe(sent - 10);
});

test('nobody listens: the end comes at once, and says that not all was sent', async () => {
  const { port, stop } = await listen(createServer());
  await stop();
  const { sender: log, said } = sender({ protocol: 'tcp', port });
  log.write('lost');
  await expect.poll(() => said).toEqual(['ECONNREFUSED']);
  const beforeMs = performance.now();
  expect(await log.close(100)).toBe(false);
  expect(performance.now() - beforeMs).toBeLessThan(500);
});

test('a peer that never finishes the handshake is left', async () => {
  const { port, sockets } = await listen(createServer(), 0, (socket) => socket.resume());
  const { sender: log, said } = sender({ protocol: 'tls', port }, { timeoutMs: 100 });
  log.write('waits');
  await expect.poll(() => said, { timeout: 2_000 }).toEqual(['TIMEOUT']);
  expect(await log.close(0)).toBe(false);
  for (const socket of sockets) await Promise.race([once(socket, 'close'), systemClock.sleep(500)]);
  expect(sockets.size).toBe(0);
});
