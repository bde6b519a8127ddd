/** `run` beside a delegate, as a process: what the kernel says about it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Running, startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const running: Running[] = [];

afterEach(async () => {
  for (const each of running.splice(0)) {
    each.signal('SIGKILL');
    await each.ended;
  }
});

async function start(env: Record<string, string>, ...args: readonly string[]): Promise<Running> {
  const one = startSidelight(['run', 'https://127.0.0.1:1', ...args], env);
  running.push(one);
  await expect.poll(() => one.stderr(), { timeout: 5000 }).toContain('started');
  return one;
}

const tasksOf = (pid: number): readonly string[] =>
  readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);

/** proc(5), field 19; the second, which may hold spaces, ends with a bracket. */
function niceOf(task: string): number {
  const fields = readFileSync(`${task}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[16]);
}

/** Inodes of the sockets that listen, from tables whose state is 0A (proc_net_tcp). */
function listening(pid: number): readonly string[] {
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .flatMap((f) => (f[3] === '0A' ? [f[9] ?? ''] : []));
}

function socketsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

test('every thread gives way, memory is offered, no port is open, no child runs', async () => {
  const { pid } = await start({}, '--state-dir', join(directory, 'state'));
  await expect
    .poll(() =>
      tasksOf(pid)
        .map(niceOf)
        .filter((nice) => nice < 10),
    )
    .toEqual([]);
  expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
  const ours = new Set(socketsOf(pid));
  expect(listening(pid).filter((inode) => ours.has(inode))).toEqual([]);
  expect(tasksOf(pid).map((task) => readFileSync(`${task}/children`, 'utf8'))).toEqual(
    tasksOf(pid).map(() => ''),
  );
});

test.for([
  ['below a file', join(directory, 'file/state'), 'ENOTDIR'],
  // Node's own recursive mkdir never comes back from there.
  ['below /proc', '/proc/sidelight', 'ENOENT'],
  ['two levels below /proc', '/proc/sidelight/state', 'ENOENT'],
] as const)(
  'without a writable place, %s, it runs all the same and says what it gives up',
  async ([, place, error]) => {
    writeFileSync(join(directory, 'file'), '');
    const one = await start({}, '--state-dir', place);
    expect(one.stderr()).toContain(`"error":"${error}","msg":"nothing is kept`);
    one.signal('SIGTERM');
    expect(await one.ended).toBe(0);
  },
);

test('what it writes stands in the state directory and nowhere else', async () => {
  const home = join(directory, 'home');
  const temporary = join(directory, 'tmp');
  for (const path of [home, temporary]) mkdirSync(path);
  const one = await start(
    { HOME: home, TMPDIR: temporary },
    '--state-dir',
    join(directory, 'only'),
  );
  one.signal('SIGTERM');
  expect(await one.ended).toBe(0);
  expect([...readdirSync(home), ...readdirSync(temporary)]).toEqual([]);
  expect(statSync(join(directory, 'only')).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)(
  'as the first process of a container SIGTERM ends it',
  async () => {
    const program = join(import.meta.dirname, '../../bin/sidelight.ts');
    const child = spawn(
      'unshare',
      [
        ...['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath, program],
        ...['run', 'https://127.0.0.1:1', '--state-dir', join(directory, 'first')],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await expect.poll(() => said, { timeout: 5000 }).toContain('started');
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(
      ' ',
    );
    expect(readFileSync(`/proc/${first}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m);
    const ended = once(child, 'exit');
    process.kill(Number(first), 'SIGTERM');
    expect(await ended).toEqual([0, null]);
  },
);
