/** The start wrapper of a derived image, with stand-ins for the delegate: what it leaves as it was. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '../..');
const wrapper = join(root, 'deploy/docker/start-with-sidelight.sh');
const directory = temporaryDirectory();
const started: { readonly child: ChildProcess; readonly state: string }[] = [];

/** Both shells that an image may call sh. */
const shells = [['dash'], ['bash', '--posix']] as const;

function script(name: string, ...lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

let sidelight: string;
/** Notes when it begins, and lives until it is killed. */
let standIn: string;
/** Notes when it begins, and ends at once. */
let broken: string;

beforeAll(() => {
  sidelight = script('sidelight', `exec ${process.execPath} ${root}/bin/sidelight.ts "$@"`);
  const note = 'echo "$$ $*" >>"$SIDELIGHT_STATE_DIR/starts"';
  standIn = script('stand-in', note, 'exec sleep 60');
  broken = script('broken', note, 'exit 2');
});

afterAll(async () => {
  for (const { child, state } of started) {
    const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    // What looks after Sidelight notices within a second.
    while (startsIn(state).some(isAlive)) await setTimeout(100);
  }
});

interface Begun {
  readonly child: ChildProcess;
  readonly state: string;
  readonly pid: number;
  readonly said: () => string;
  readonly complained: () => string;
  /** Resolves when it has ended and nobody holds its output any more. */
  readonly closed: Promise<unknown[]>;
}

function begin(
  shell: readonly string[],
  env: Record<string, string>,
  ...command: readonly string[]
): Begun {
  const state = join(directory, `state-${started.length}-${Math.random()}`);
  const [program = 'sh', ...args] = shell;
  const child = spawn(program, [...args, wrapper, ...command], {
    env: {
      PATH: process.env['PATH'],
      SIDELIGHT_BIN: standIn,
      SIDELIGHT_STATE_DIR: state,
      SIDELIGHT_WATCH_SECONDS: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push({ child, state });
  let said = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text;
  });
  return {
    child,
    state,
    pid: child.pid ?? 0,
    said: () => said,
    complained: () => complained,
    closed: once(child, 'close'),
  };
}

/** Process numbers, in the order in which they began. */
function startsIn(state: string): readonly number[] {
  const path = join(state, 'starts');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[0]));
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`) && stateOf(pid) !== 'Z';
}

function stateOf(pid: number): string | undefined {
  try {
    return /^State:\t(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

test.concurrent.for(shells)(
  "%j: the delegate's process, arguments and exit code are its own",
  async (shell, { expect }) => {
    const { pid, said, closed } = begin(shell, {}, 'sh', '-c', 'echo "$$ $1"; exit 7', 'x', 'a b');
    expect(await closed).toEqual([7, null]);
    expect(said()).toBe(`${pid} a b\n`);
  },
);

test.concurrent.for(shells)(
  '%j: signals go to the delegate, and what it makes of them counts',
  async (shell, { expect }) => {
    const begun = begin(
      shell,
      {},
      'sh',
      '-c',
      'trap "exit 42" TERM; echo up; while :; do sleep 0.1; done',
    );
    await expect.poll(begun.said).toBe('up\n');
    await expect.poll(() => startsIn(begun.state), { timeout: 5000 }).toHaveLength(1);
    begun.child.kill('SIGTERM');
    expect(await begun.closed).toEqual([42, null]);
  },
);

test.concurrent.for(shells)(
  '%j: Sidelight killed begins again, and the delegate has no part in it',
  async (shell, { expect }) => {
    const begun = begin(shell, {}, 'sleep', '30');
    await expect.poll(() => startsIn(begun.state), { timeout: 5000 }).toHaveLength(1);
    const [first = 0] = startsIn(begun.state);
    process.kill(first, 'SIGKILL');
    await expect.poll(() => startsIn(begun.state), { timeout: 8000 }).toHaveLength(2);
    expect(stateOf(first)).toBeUndefined();
    expect(childrenOf(begun.pid)).toEqual([]);
    expect(readFileSync(`/proc/${begun.pid}/comm`, 'utf8')).toBe('sleep\n');
    expect(readFileSync(join(begun.state, 'sidelight.log'), 'utf8')).toContain(
      'ended with 137; again in 1 s',
    );
  },
);

test.concurrent('a Sidelight that cannot run is started ever more rarely', async ({ expect }) => {
  const begun = begin(['dash'], { SIDELIGHT_BIN: broken }, 'sleep', '30');
  // A second to notice, then pauses of 1, 2, 4 seconds: the fourth would be the tenth second.
  await setTimeout(7000);
  expect(startsIn(begun.state).length).toBeGreaterThanOrEqual(2);
  expect(startsIn(begun.state).length).toBeLessThanOrEqual(3);
});

test.concurrent('with the delegate, Sidelight ends', async ({ expect }) => {
  const begun = begin(['dash'], {}, 'sleep', '1');
  await expect.poll(() => startsIn(begun.state), { timeout: 5000 }).toHaveLength(1);
  expect(await begun.closed).toEqual([0, null]);
  await expect.poll(() => startsIn(begun.state).filter(isAlive), { timeout: 5000 }).toEqual([]);
});

test.concurrent("the delegate's environment and open files are what they were", async ({
  expect,
}) => {
  const look = ['sh', '-c', 'env | sort; ls /proc/$$/fd'];
  const begun = begin(['dash'], {}, ...look);
  await begun.closed;
  const bare = execFileSync(look[0] ?? '', look.slice(1), {
    env: {
      PATH: process.env['PATH'],
      SIDELIGHT_BIN: standIn,
      SIDELIGHT_STATE_DIR: begun.state,
      SIDELIGHT_WATCH_SECONDS: '1',
    },
    encoding: 'utf8',
    cwd: process.cwd(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(begun.said()).toBe(bare);
});

test.concurrent('its log is its own, for its owner alone, and copied and cut when it is large', async ({
  expect,
}) => {
  const begun = begin(['dash'], {}, 'sleep', '30');
  await expect.poll(() => startsIn(begun.state), { timeout: 5000 }).toHaveLength(1);
  const log = join(begun.state, 'sidelight.log');
  expect(statSync(log).mode & 0o777).toBe(0o600);
  expect(statSync(begun.state).mode & 0o777).toBe(0o700);
  writeFileSync(log, 'x'.repeat(9 * 1024 * 1024));
  await expect.poll(() => readdirSync(begun.state), { timeout: 5000 }).toContain('sidelight.log.1');
  expect(statSync(`${log}.1`).mode & 0o777).toBe(0o600);
  // What it says on standard error goes on there, however often the log was cut.
  for (const round of ['second', 'third']) {
    writeFileSync(log, `${round}\n${'x'.repeat(9 * 1024 * 1024)}`);
    const older = (): string => readFileSync(`${log}.1`, 'latin1').slice(0, round.length);
    await expect.poll(older, { timeout: 5000 }).toBe(round);
  }
  const [own] = startsIn(begun.state);
  expect(readlinkSync(`/proc/${own}/fd/2`)).toBe(log);
  expect(statSync(log).size).toBeLessThan(8 * 1024 * 1024);
  expect(begun.said() + begun.complained()).toBe('');
});

test.concurrent.for(['0', '1s', '-1', '08', '301', '1.5', ' '])(
  'looked after every %j seconds: it says that this is no number for it, and keeps to its own',
  async (seconds, { expect }) => {
    const env = { SIDELIGHT_WATCH_SECONDS: seconds, SIDELIGHT_BIN: broken };
    const begun = begin(['dash'], env, 'sleep', '3');
    expect(await begun.closed).toEqual([0, null]);
    expect(begun.complained()).toBe(
      'start-with-sidelight: SIDELIGHT_WATCH_SECONDS is no whole number from 1 to 300; every 10 seconds instead\n',
    );
    expect(startsIn(begun.state)).toHaveLength(1);
  },
);

test.concurrent.for([
  ['there is none', { SIDELIGHT_BIN: '/nowhere/sidelight' }, 'cannot be executed'],
  ['it has no place to write', { SIDELIGHT_STATE_DIR: '/proc/self/x' }, 'runs without a log'],
  ['it is not wanted', { SIDELIGHT_DISABLED: '1' }, ''],
] as const)('the delegate starts when %s', async ([, env, warning], { expect }) => {
  const begun = begin(['dash'], env, 'echo', 'up');
  expect(await begun.closed).toEqual([0, null]);
  expect(begun.said()).toBe('up\n');
  expect(begun.complained()).toContain(warning);
});

test.concurrent('without anything to start it says so', async ({ expect }) => {
  const { closed, complained } = begin(['dash'], {});
  expect(await closed).toEqual([64, null]);
  expect(complained()).toContain('what is to be started?');
});

test.concurrent('the real one runs beside the delegate, and writes what it sees into its log', async ({
  expect,
}) => {
  const env = { SIDELIGHT_BIN: sidelight, SIDELIGHT_TARGETS: 'https://127.0.0.1:1' };
  const begun = begin(['dash'], env, 'sleep', '30');
  const log = join(begun.state, 'sidelight.log');
  const text = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  await expect.poll(text, { timeout: 10_000 }).toContain('"started"');
  expect(existsSync(join(begun.state, 'sidelight.db'))).toBe(true);
  expect(begun.said() + begun.complained()).toBe('');
  begun.child.kill('SIGKILL');
  await expect.poll(text, { timeout: 8000 }).toContain('"ended"');
});
