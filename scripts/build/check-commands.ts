/** The executable's commands, each run as a process: what only the bundle could break is seen here and not at a customer's. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePki } from '../../test/support/openssl.ts';
import { startSServer } from '../../test/support/s-server.ts';

const deadlineMs = 20_000;

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
  const run = (...args: readonly string[]): string => runOnce(executable, directory, args);
  try {
    run('demo');
    run('preflight', 'client', '--cert', client.certPath, '--key', client.keyPath);
    run(
      ...['preflight', 'gateway', '--cert', server.certPath, '--key', server.keyPath],
      ...['--client-ca', ca.certPath, '--server-name', 'localhost'],
    );
    run('bundle', ...look, '--output', join(directory, 'bundle.tar.gz'));
    run('show', join(directory, 'bundle.tar.gz'));
    for (const command of ['check', 'run', 'home']) run(command, '--help');
    await checkHome(executable, directory, look, run);
  } finally {
    await gateway.stop();
  }
}

/** A home, a check that reports to it, and an agent that does; both end with 0 when they are told to. */
async function checkHome(
  executable: string,
  directory: string,
  look: readonly string[],
  run: (...args: readonly string[]) => string,
): Promise<void> {
  const data = join(directory, 'home');
  const token = join(directory, 'token');
  writeFileSync(token, 'a-token-for-this-build\n', { mode: 0o600 });
  const home = start(executable, directory, [
    ...['home', '--listen', '127.0.0.1:0', '--data', data, '--token-file', token],
  ]);
  const url = await said(home, /http:\/\/127\.0\.0\.1:\d+\//);
  const way = ['--home', url, '--home-token-file', token];
  run('check', ...look, ...way);
  const metrics = ['--metrics', '127.0.0.1:0', '--log-file', join(directory, 'events.log')];
  const agent = start(executable, directory, ['run', ...look, ...way, ...metrics]);
  const stored = (): number => lines(run('home', 'list', '--data', data, '--format', 'json'));
  await until(() => stored() >= 2, 'no report of run came home');
  await end(agent, 'run');
  await end(home, 'home');
}

function runOnce(executable: string, cwd: string, args: readonly string[]): string {
  const options = { cwd, env: {}, encoding: 'utf8', timeout: deadlineMs } as const;
  return execFileSync(executable, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
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

async function until(holds: () => boolean, otherwise: string): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!holds()) {
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
