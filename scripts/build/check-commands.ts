/** The executable's commands, each run as a process: what only the bundle could break is seen here and not at a customer's. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Issued, makePki } from '../../test/support/openssl.ts';
import { startSServer } from '../../test/support/s-server.ts';

const deadlineMs = 20_000;

interface Beside {
  readonly ca: Issued;
  readonly server: Issued;
  /** Arguments of a look that is accepted. */
  readonly look: readonly string[];
}

/** `directory` takes what is made on the way. Throws with what did not work. */
export async function checkCommands(executable: string, directory: string): Promise<void> {
  const pki = makePki(directory);
  const ca = pki.ca('Delegate CA');
  const client = pki.leaf({ cn: 'delegate-1', ca });
  const server = pki.server({ ca, san: 'DNS:localhost' });
  const gateway = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', ca.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  const look = [
    ...[`https://localhost:${gateway.port}/`, '--cert', client.certPath, '--key', client.keyPath],
    ...['--ca', ca.certPath, '--state-dir', join(directory, 'state')],
  ];
  const run = (...args: readonly string[]) => runOnce(executable, directory, args);
  try {
    await run('demo');
    await run('preflight', 'client', '--cert', client.certPath, '--key', client.keyPath);
    await run(
      ...['preflight', 'gateway', '--cert', server.certPath, '--key', server.keyPath],
      ...['--client-ca', ca.certPath, '--server-name', 'localhost'],
    );
    await run('bundle', ...look, '--output', join(directory, 'bundle.tar.gz'));
    await run('show', join(directory, 'bundle.tar.gz'));
    for (const command of ['check', 'run', 'home']) await run(command, '--help');
    await checkHome(executable, directory, { ca, server, look }, run);
  } finally {
    await gateway.stop();
  }
}

/** A home, a check that reports to it by each way there is, and an agent that does; both end with 0 when they are told to. */
async function checkHome(
  executable: string,
  directory: string,
  { ca, server, look }: Beside,
  run: (...args: readonly string[]) => Promise<string>,
): Promise<void> {
  const data = join(directory, 'home');
  const token = join(directory, 'token');
  writeFileSync(token, 'a-token-for-this-build\n', { mode: 0o600 });
  const home = start(executable, directory, [
    ...['home', '--listen', '127.0.0.1:0', '--data', data, '--token-file', token],
    ...['--cert', server.certPath, '--key', server.keyPath],
  ]);
  const at = await said(home, /127\.0\.0\.1:\d+/);
  const proxy = await startProxy();
  const known = ['--home-ca', ca.certPath, '--home-token-file', token];
  const url = `https://localhost:${at.split(':')[1]}/`;
  const ways = [
    ['--home', url],
    ['--home', url, '--home-proxy', proxy.url],
    ['--home', url.replace('https', 'wss')],
  ];
  const stored = async (): Promise<number> =>
    lines(await run('home', 'list', '--data', data, '--format', 'json'));
  for (const [index, way] of ways.entries()) {
    await run('check', ...look, ...way, ...known);
    await until(async () => (await stored()) > index, `no report came home by ${way.join(' ')}`);
  }
  if (proxy.tunnels() === 0) throw new Error('the proxy was passed by');
  const metrics = ['--metrics', '127.0.0.1:0', '--log-file', join(directory, 'events.log')];
  const way = ['--home', url, ...known];
  const agent = start(executable, directory, ['run', ...look, ...way, ...metrics]);
  await until(async () => (await stored()) > ways.length, 'no report of run came home');
  await end(agent, 'run');
  await end(home, 'home');
  proxy.close();
}

/** Opens what CONNECT asks for. */
async function startProxy() {
  let tunnels = 0;
  const server = createServer().on('connect', ({ url = '' }, near) => {
    tunnels += 1;
    const far = connect(Number(new URL(`http://${url}`).port), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) socket.on('error', () => far.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}`;
  return { url, tunnels: () => tunnels, close: () => server.close() };
}

async function runOnce(file: string, cwd: string, args: readonly string[]): Promise<string> {
  const options = { cwd, env: {}, encoding: 'utf8', timeout: deadlineMs } as const;
  return (await promisify(execFile)(file, [...args], options)).stdout;
}

function start(executable: string, cwd: string, args: readonly string[]): ChildProcess {
  return spawn(executable, args, { cwd, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What the process prints, on either stream, that matches. */
async function said({ stdout, stderr }: ChildProcess, wanted: RegExp): Promise<string> {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  await until(() => wanted.test(text), `nothing like ${wanted.source} was printed`);
  return wanted.exec(text)?.[0] ?? '';
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function end(child: ChildProcess, name: string): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}
