/** Every file that a command makes, and its mode, whatever the umask: made by a user who is not root where there is one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const nobody = 65_534;
const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const program = join(import.meta.dirname, '../../bin/sidelight.ts');
const inputs = temporaryDirectory();
const places = { '000': temporaryDirectory(), '077': temporaryDirectory() } as const;
let gateway: Gateway;
let target: readonly string[];
let token: string;

beforeAll(async () => {
  const pki = makePki(inputs);
  const gatewayCa = pki.ca('Gateway CA');
  const delegateCa = pki.ca('Delegate CA');
  const server = pki.server({ ca: gatewayCa });
  const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  const [certPem, keyPem, clientCaPem] = [server.cert, server.key, delegateCa.cert];
  gateway = await startGateway({ certPem, keyPem, clientCaPem });
  token = pki.write('token', 'a-token-of-the-test\n');
  target = [
    ...[`https://localhost:${gateway.port}/`, '--address', '127.0.0.1', '--proxy', 'none'],
    ...['--ca', gatewayCa.certPath, '--cert', client.certPath, '--key', client.keyPath],
  ];
  own(inputs);
});
afterAll(() => gateway.close());

/** To whoever runs the program. */
function own(directory: string): void {
  const { uid, gid } = user;
  if (uid === undefined || gid === undefined) return;
  const below = readdirSync(directory, { recursive: true }).map((name) => `${name}`);
  for (const path of ['', ...below]) chownSync(join(directory, path), uid, gid);
}

interface Started {
  readonly said: () => string;
  readonly ended: Promise<number | null>;
  end(): Promise<number | null>;
}

function start(umask: string, args: readonly string[]): Started {
  const line = 'umask "$0"; exec "$@"';
  const child: ChildProcess = spawn('sh', ['-c', line, umask, process.execPath, program, ...args], {
    ...user,
    cwd: inputs,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const end = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { said: () => said, ended, end };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** By path: what it is and its mode. */
function modes(directory: string): Readonly<Record<string, string>> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const kind = entry.isDirectory() ? 'd' : entry.isSocket() ? 's' : '-';
      return [relative(directory, path), kind + (lstatSync(path).mode & 0o7777).toString(8)];
    }),
  );
}

test.concurrent.for(['000', '077'] as const)(
  'with umask %s what is made is for its owner',
  { timeout: 60_000 },
  async (umask) => {
    const made = places[umask];
    chmodSync(made, 0o755);
    own(made);
    const at = (name: string): string => join(made, name);
    const port = await freePort();
    const home = start(umask, [
      ...['home', '--listen', `127.0.0.1:${port}`, '--data', at('home'), '--token-file', token],
    ]);
    await expect.poll(home.said, { timeout: 15_000 }).toContain('home listens');
    const agent = start(umask, [
      ...['run', ...target, '--state-dir', at('state'), '--log-file', at('events.log')],
      ...['--metrics-textfile', at('sidelight.prom'), '--interval', '1s'],
      ...[
        '--home',
        `http://127.0.0.1:${port}/`,
        '--home-token-file',
        token,
        '--home-proxy',
        'none',
      ],
    ]);
    const soonOver = [
      ['check', ...target, '--state-dir', at('checked/state'), '--output', at('report.json')],
      ['bundle', ...target, '--state-dir', at('bundled'), '--output', at('bundle.tar.gz')],
    ].map((args) => start(umask, args));
    for (const { ended, said } of soonOver) expect(await ended, said()).toBe(0);
    await expect
      .poll(() => Object.keys(modes(made)), { timeout: 15_000 })
      .toContain('sidelight.prom');
    const whileTheyRun = modes(made);
    expect(await agent.end(), agent.said()).toBe(0);
    expect(await home.end(), home.said()).toBe(0);
    expect({ ...whileTheyRun, ...modes(made) }).toEqual({
      'bundle.tar.gz': '-600',
      ...{ bundled: 'd700', 'bundled/account': '-600', 'bundled/sidelight.db': '-600' },
      ...{ checked: 'd700', 'checked/state': 'd700', 'checked/state/account': '-600' },
      'checked/state/sidelight.db': '-600',
      'events.log': '-600',
      home: 'd700',
      ...{ 'home/control': 'd700', 'home/control/home.sock': 's600' },
      ...{ 'home/home.db': '-600', 'home/home.db-shm': '-600', 'home/home.db-wal': '-600' },
      'report.json': '-600',
      // node_exporter is another user.
      'sidelight.prom': '-644',
      ...{ state: 'd700', 'state/account': '-600' },
      ...{ 'state/agent.sock': 's600', 'state/held': '-600', 'state/lock.db': '-600' },
      'state/sidelight.db': '-600',
      ...{ 'state/sidelight.db-shm': '-600', 'state/sidelight.db-wal': '-600' },
    });
  },
);

test('a state directory that others could read before is left as it was, and its files are private', async () => {
  const made = temporaryDirectory();
  mkdirSync(join(made, 'state'), { mode: 0o755 });
  chmodSync(made, 0o755);
  own(made);
  const args = ['check', ...target, '--state-dir', join(made, 'state')];
  const { ended, said } = start('000', args);
  expect(await ended, said()).toBe(0);
  expect(modes(made)).toEqual({
    ...{ state: 'd755', 'state/account': '-600', 'state/sidelight.db': '-600' },
  });
});
