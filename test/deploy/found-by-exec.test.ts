/** The agent that the start wrapper began, looked for as by `kubectl exec`: the container's environment and user, and no option. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSent } from '../../src/agent/bundle/open-bundle.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '../..');
const wrapper = join(root, 'deploy/docker/start-with-sidelight.sh');
const directory = temporaryDirectory();
const at = (name: string): string => join(directory, name);
const isRoot = process.getuid?.() === 0;
/** As in the delegate's image, where we may choose. */
const delegate = isRoot ? { uid: 1001, gid: 1001 } : {};
const started: ChildProcess[] = [];
const agents: number[] = [];

beforeAll(() => {
  const program = `exec ${process.execPath} ${root}/bin/sidelight.ts "$@"`;
  writeFileSync(at('sidelight'), `#!/bin/sh\n${program}\n`);
  chmodSync(at('sidelight'), 0o755);
  chmodSync(directory, 0o755);
  for (const name of ['home', 'tmp', 'tmp2']) {
    mkdirSync(at(name));
    if (isRoot) chownSync(at(name), 1001, 1001);
  }
});

afterAll(async () => {
  for (const child of started) {
    const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  // What looks after them notices within a second.
  while (agents.some((pid) => existsSync(`/proc/${pid}/exe`))) await setTimeout(100);
});

interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid?: number; readonly gid?: number };
  /** What stands before a command that is run in it. */
  readonly enter: readonly string[];
}

async function execIn(
  { env, user, enter }: Container,
  ...args: readonly string[]
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
  const [program = '', ...rest] = [...enter, at('sidelight'), ...args];
  return new Promise((resolve) => {
    const options = { env, ...user, encoding: 'buffer' as const, cwd: '/' };
    execFile(program, rest, options, (_, stdout, stderr) =>
      resolve({ stdout, stderr: stderr.toString() }),
    );
  });
}

/** Until the agent has looked once. */
async function expectFound(container: Container, stateDir: string): Promise<void> {
  const status = async (): Promise<unknown> => {
    const { stdout } = await execIn(container, 'status', '--format', 'json');
    return JSON.parse(stdout.toString());
  };
  // Each question is a process that takes a while to start.
  await expect.poll(status, { timeout: 25_000, interval: 1_000 }).toMatchObject({
    source: 'agent',
    state: { directory: stateDir, durable: true },
    targets: [{ outcome: 'failed' }],
  });
  const { stdout } = await execIn(container, 'bundle', '--output', '-');
  const { bundle } = openSent(stdout, 'the bundle');
  expect(bundle?.history.length).toBeGreaterThan(0);
  expect(bundle?.status?.source).toBe('agent');
  agents.push(bundle?.status?.agent.pid ?? 0);
}

function environment(given: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    SIDELIGHT_BIN: at('sidelight'),
    SIDELIGHT_TARGETS: 'https://127.0.0.1:1',
    SIDELIGHT_WATCH_SECONDS: '1',
    ...given,
  };
}

// At once, for each waits for the first look of an agent, which may take ten seconds.
test.concurrent.for([
  [
    'its home can be written',
    { HOME: at('home'), TMPDIR: at('tmp') },
    at('home/.local/state/sidelight'),
  ],
  ['its home cannot', { HOME: '/proc', TMPDIR: at('tmp') }, at('tmp/sidelight')],
  ['it has none', { TMPDIR: at('tmp2') }, at('tmp2/sidelight')],
] as const)(
  'status and bundle find the agent and its reports when %s',
  { timeout: 30_000 },
  async ([, given, stateDir]) => {
    const container = { env: environment(given), user: delegate, enter: [] };
    const options = { env: container.env, ...delegate, cwd: '/', stdio: 'ignore' as const };
    started.push(spawn('sh', [wrapper, 'sleep', '60'], options));
    await expectFound(container, stateDir);
  },
);

test.runIf(isRoot)(
  'status and bundle find the agent and its reports when it is root',
  { timeout: 30_000, concurrent: true },
  async () => {
    const env = environment({ HOME: at('home') });
    // A /var/lib of its own.
    const script = 'mount -t tmpfs none /var/lib && exec sh "$0" sleep 60';
    const child = spawn('unshare', ['--mount', 'sh', '-c', script, wrapper], {
      env,
      stdio: 'ignore',
    });
    started.push(child);
    const enter = ['nsenter', `--mount=/proc/${child.pid}/ns/mnt`, '--'];
    await expectFound({ env, user: {}, enter }, '/var/lib/sidelight');
  },
);
