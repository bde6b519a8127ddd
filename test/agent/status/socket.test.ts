/** The agent's socket: one answer for whoever may open it, and no harm from whoever does. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { askStatus } from '../../../src/agent/status/ask-status.ts';
import { openStatus } from '../../../src/agent/status/open-status.ts';
import { serveStatus } from '../../../src/agent/status/serve-status.ts';
import { socketIn, socketOutside } from '../../../src/agent/status/socket.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { statuses } from '../../format/status/statuses.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = temporaryDirectory();
const status = statuses['two targets, one refused, and receivers in every state'];

function directoryOf(name: string): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** What takes seconds takes as many hundredths. */
const hasty: Clock = {
  ...systemClock,
  after: (delayMs, callback) => systemClock.after(delayMs / 10, callback),
};

async function served(
  directory: string,
  answer: () => typeof status = () => status,
  clock = hasty,
) {
  const server = await serveStatus(socketIn(directory), clock, answer);
  onTestFinished(() => server.close().catch(() => undefined));
  return server;
}

test('whoever asks gets the status, again and again, and nothing is left after the end', async () => {
  const directory = directoryOf('plain');
  const server = await served(directory);
  const file = join(directory, 'agent.sock');
  expect(lstatSync(file).mode & 0o777).toBe(0o600);
  expect(await askStatus(directory, systemClock)).toEqual(status);
  expect(await askStatus(directory, systemClock)).toEqual(status);
  await server.close();
  expect(existsSync(file)).toBe(false);
  expect(await askStatus(directory, systemClock)).toBeUndefined();
});

test('the mask of the process is what it was', async () => {
  const before = process.umask();
  await served(directoryOf('mask'));
  expect(process.umask()).toBe(before);
});

test('a directory that lies too deep for the name of a socket has one all the same', async () => {
  const directory = directoryOf(join(...Array.from({ length: 12 }, () => 'deeper-and-deeper')));
  const server = await served(directory);
  expect(lstatSync(join(directory, 'agent.sock')).isSocket()).toBe(true);
  expect(await askStatus(directory, systemClock)).toEqual(status);
  await server.close();
  expect(existsSync(join(directory, 'agent.sock'))).toBe(false);
});

test('the socket of an agent that was killed makes room', async () => {
  const directory = directoryOf('stale');
  const dead = createServer().listen(join(root, 'elsewhere.sock'));
  await new Promise((resolve) => dead.once('listening', resolve));
  // Node would remove it at the end, a SIGKILL does not.
  renameSync(join(root, 'elsewhere.sock'), join(directory, 'agent.sock'));
  await new Promise((resolve) => dead.close(resolve));
  expect(lstatSync(join(directory, 'agent.sock')).isSocket()).toBe(true);
  await served(directory);
  expect(await askStatus(directory, systemClock)).toEqual(status);
});

test.for([
  ['a link to nowhere', (file: string) => symlinkSync(join(root, 'nowhere'), file)],
  ['a link to a file', (file: string) => symlinkSync('/etc/passwd', file)],
  ['a file', (file: string) => writeFileSync(file, 'mine')],
  ['a directory', (file: string) => mkdirSync(file)],
] as const)('%s in its place stays what it is, and there is no socket', async ([name, put]) => {
  const directory = directoryOf(name);
  const file = join(directory, 'agent.sock');
  put(file);
  const before = lstatSync(file);
  await expect(serveStatus(socketIn(directory), systemClock, () => status)).rejects.toMatchObject({
    code: 'EEXIST',
  });
  expect(lstatSync(file)).toMatchObject({ ino: before.ino, mode: before.mode });
  expect(existsSync(join(root, 'nowhere'))).toBe(false);
  if (before.isSymbolicLink()) expect(readlinkSync(file)).not.toBe('');
});

test('a directory that cannot be written has none, and the error says why', async () => {
  const directory = directoryOf('read-only');
  chmodSync(directory, 0o500);
  const isRoot = process.getuid?.() === 0;
  const serving = serveStatus(socketIn(isRoot ? '/proc' : directory), systemClock, () => status);
  await expect(serving).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
});

test('eight who read nothing are sent away in time, and hold nobody up for good', async () => {
  const directory = directoryOf('idle');
  const due: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    after: (delayMs, callback) => {
      expect(delayMs).toBe(2_000);
      due.push(callback);
      return () => undefined;
    },
  };
  // More than the system takes for a reader that reads nothing.
  const findings = Array<'receiver-troubled'>(60_000).fill('receiver-troubled');
  await served(directory, () => ({ ...status, findings }), clock);
  const idle = Array.from({ length: 8 }, () => connect(join(directory, 'agent.sock')).pause());
  for (const socket of idle) socket.on('error', () => undefined);
  await expect.poll(() => due.length).toBe(8);
  const ninth = await askStatus(directory, systemClock);
  expect(ninth === undefined, 'a ninth is not even answered').toBe(true);
  for (const end of due.splice(0)) end();
  await expect
    .poll(async () => (await askStatus(directory, systemClock))?.findings.length)
    .toBe(60_000);
  for (const socket of idle) socket.destroy();
});

test('what a caller says is not read', async () => {
  const directory = directoryOf('talker');
  await served(directory);
  const socket = connect(join(directory, 'agent.sock'));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.alloc(4 * 1024 * 1024));
  socket.resume();
  await closed;
  expect(await askStatus(directory, systemClock)).toEqual(status);
});

test('an agent that cannot say how it stands goes on', async () => {
  const directory = directoryOf('faulty');
  let isFaulty = true;
  await served(directory, () => {
    if (isFaulty) throw new Error('the disk');
    return status;
  });
  expect(await askStatus(directory, systemClock)).toBeUndefined();
  isFaulty = false;
  expect(await askStatus(directory, systemClock)).toEqual(status);
});

/** Somebody else's server where the agent's is looked for. */
async function stranger(name: string, answer: string | Buffer | undefined): Promise<string> {
  const directory = directoryOf(name);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (answer !== undefined) socket.end(answer);
  });
  server.listen(join(directory, 'agent.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return directory;
}

test.for([
  ['nothing', ''],
  ['no JSON', 'good\n'],
  ['another document', '{"schema":"sidelight.report/1"}'],
  ['half of one', JSON.stringify(status).slice(0, -9)],
  ['JSON that is nested without end', `${'['.repeat(200_000)}`],
  ['a status with a field of another type', JSON.stringify({ ...status, targets: 7 })],
  ['more than a status takes', Buffer.alloc(5 * 1024 * 1024, ' ')],
  ['silence', undefined],
] as const)('%s is no answer', async ([name, answer]) => {
  const directory = await stranger(name, answer);
  expect(await askStatus(directory, hasty)).toBeUndefined();
});

test('the words of a stranger are made harmless, and a later version may say more', async () => {
  const [first] = status.targets;
  const theirs = {
    ...status,
    later: 1,
    targets: [{ ...first, label: 'https://u:p@g/\u001b[2J?q' }],
  };
  const directory = await stranger('words', JSON.stringify(theirs));
  const answer = await askStatus(directory, systemClock);
  expect(answer?.targets[0]?.label).toBe('https://g/\\u001b[2J');
});

test('an agent that can write nothing in its directory is asked all the same', async () => {
  const directory = directoryOf('out of its reach');
  const temporary = directoryOf('temporary');
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const standing = {
    identity: { name: 'sidelight' as const, version: '0.1.0', host: 'h', id: 'a' },
    runId: 'r',
    startedAt: '2026-11-23T14:00:00.000Z',
    state: {
      durable: false,
      isLocked: false,
      reason: { code: 'not-writable' as const, error: 'EROFS' },
    },
    isHolding: true,
    directory,
    targets: [],
    receivers: [],
  };
  const said: unknown[] = [];
  const log = { info: () => undefined, warn: (...words: unknown[]) => void said.push(words) };
  const open = () =>
    openStatus({ standing: () => standing }, () => ({}), { clock: systemClock, log });
  expect(await askStatus(directory, systemClock)).toBeUndefined();
  expect(readdirSync(temporary)).toEqual([]);
  const door = await open();
  onTestFinished(() => door.close());
  expect(said).toEqual([]);
  const [own = ''] = readdirSync(temporary);
  expect(lstatSync(join(temporary, own)).mode & 0o777).toBe(0o700);
  expect(await askStatus(directory, systemClock)).toMatchObject({
    agent: { running: true },
    findings: ['state-not-kept'],
  });
  const second = await open();
  expect(said).toEqual([['sidelight status cannot ask this agent', { code: 'EADDRINUSE' }]]);
  await second.close();
  expect(await askStatus(directory, systemClock)).toBeDefined();
  await door.close();
  expect(await askStatus(directory, systemClock)).toBeUndefined();
});

test('a place outside that is open to others is not used, by either side', async () => {
  const directory = directoryOf('untrusting');
  const temporary = directoryOf('shared');
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const own = join(temporary, `sidelight-${process.getuid?.()}`);
  mkdirSync(own);
  chmodSync(own, 0o777);
  expect(() => socketOutside(directory)).toThrow("somebody else's");
  chmodSync(own, 0o700);
  const server = await serveStatus(socketOutside(directory), systemClock, () => status);
  onTestFinished(() => server.close());
  expect(await askStatus(directory, systemClock)).toEqual(status);
  chmodSync(own, 0o755);
  expect(await askStatus(directory, systemClock)).toBeUndefined();
});
