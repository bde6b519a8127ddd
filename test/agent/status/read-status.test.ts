/** A state directory, read without a trace: what it tells of an agent that does not answer. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { readStatus } from '../../../src/agent/status/read-status.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import type { Status } from '../../../src/report/status.ts';
import { statusSchema } from '../../../src/report/status-schema.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { baselinesIn } from '../../../src/state/baselines.ts';
import { agentId } from '../../../src/state/identity.ts';
import { type OpenState, openState } from '../../../src/state/open-state.ts';
import { corpus } from '../../report/corpus.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = temporaryDirectory();
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(statusSchema);

function read(directory: string | undefined): Status {
  const status = readStatus(directory, systemClock);
  validate(status);
  expect(validate.errors).toBeNull();
  return status;
}

const [first, second] = Object.values(corpus);

/** As an agent leaves it: one report that home took, one that waits, one that was refused, and a baseline. */
function lived(name: string): { readonly directory: string; readonly state: OpenState } {
  const directory = join(root, name);
  const state = openState({ directory, exclusive: true, clock: systemClock });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  agentId(state.db, systemClock, systemRandom);
  const spool = new Spool({ state, clock: systemClock, receivers: ['home', 'vendor'] });
  if (!first || !second) throw new Error('the corpus is empty');
  spool.add({ ...first, id: '01a20a00-0000-7000-8000-000000000001' });
  spool.add({ ...second, id: '01a20a00-0000-7000-8000-000000000002' });
  spool.cursor('home').acknowledge(['01a20a00-0000-7000-8000-000000000001']);
  spool.cursor('vendor').setAside(['01a20a00-0000-7000-8000-000000000001'], 'http-400');
  baselinesIn(state, systemClock).put('key', { evidence: first });
  return { directory, state };
}

/** Names, and all that a write would change. */
function traces(directory: string): readonly unknown[] {
  return readdirSync(directory).map((name) => {
    const { size, mtimeMs, ino, mode } = statSync(join(directory, name));
    const octets = readFileSync(join(directory, name)).toString('base64');
    return { name, size, mtimeMs, ino, mode, octets };
  });
}

test('what an agent left that ended in order is told, and nothing there is changed or added', () => {
  const { directory, state } = lived('ended');
  state.close();
  const before = traces(directory);
  const status = read(directory);
  expect(traces(directory)).toEqual(before);
  expect(status).toMatchObject({
    verdict: 'troubled',
    findings: ['agent-not-running'],
    source: 'directory',
    agent: { running: false, id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    state: { directory, durable: true },
    targets: [{ lastAcceptedAt: first?.time }],
    receivers: [
      { name: 'home', waiting: 1, lost: { rejected: 0 }, lastSuccessTime: expect.any(String) },
      { name: 'vendor', waiting: 1, oldestTime: second?.time, lost: { rejected: 1 } },
    ],
  });
});

test('an agent that runs and says nothing is told apart, and goes on undisturbed', () => {
  const { directory, state } = lived('running');
  const names = readdirSync(directory);
  const status = read(directory);
  expect(status).toMatchObject({
    verdict: 'unknown',
    findings: ['agent-not-answering'],
    agent: { running: true },
    receivers: [{ name: 'home', waiting: 1 }, { name: 'vendor' }],
  });
  expect(readdirSync(directory)).toEqual(names);
  expect(() => openState({ directory, exclusive: true, clock: systemClock })).toThrow(
    'another agent runs',
  );
  const spool = new Spool({ state, clock: systemClock, receivers: ['home'] });
  if (first) spool.add({ ...first, id: '01a20a00-0000-7000-8000-000000000003' });
  expect(read(directory).receivers[0]).toMatchObject({ name: 'home', waiting: 2 });
});

const canMount =
  spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test.skipIf(!canMount)(
  'a directory in which nothing can be written does not tell whether an agent runs: one would have no lock',
  () => {
    const { directory, state } = lived('read-only');
    state.close();
    const src = `${import.meta.dirname}/../../../src`;
    const script = `
      const { readStatus } = await import('${src}/agent/status/read-status.ts');
      const { systemClock } = await import('${src}/base/clock.ts');
      console.log(JSON.stringify(readStatus(process.argv[1], systemClock)));`;
    const shell = `mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; exec "$2" --input-type=module -e "$3" "$1"`;
    const words = ['-Urm', 'sh', '-ec', shell, 'sh', directory, process.execPath, script];
    const { stdout } = spawnSync('unshare', words);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      verdict: 'unknown',
      findings: ['state-not-readable'],
      agent: { id: expect.any(String) },
      state: { directory, durable: true, reason: 'not-writable' },
      receivers: [{ name: 'home', waiting: 1 }, { name: 'vendor' }],
    });
  },
);

test('a directory where only single looks left reports has them, and says that there is no lock', () => {
  const directory = join(root, 'single');
  const state = openState({ directory, exclusive: false, clock: systemClock });
  agentId(state.db, systemClock, systemRandom);
  const spool = new Spool({ state, clock: systemClock, receivers: ['home'] });
  if (first) spool.add(first);
  state.close();
  expect(read(directory)).toMatchObject({
    verdict: 'unknown',
    findings: ['state-not-readable'],
    agent: { id: expect.any(String) },
    state: { directory, durable: true, reason: 'no-lock' },
    receivers: [{ name: 'home', waiting: 1 }],
  });
});

test('no directory is a status, too', () => {
  expect(read(undefined)).toMatchObject({
    verdict: 'unknown',
    findings: ['state-not-readable'],
    state: { durable: false, reason: 'no-directory' },
  });
});

const unusable: readonly [string, (directory: string) => void, Partial<Status['state']>][] = [
  ['nothing in it', () => undefined, { reason: 'not-there', error: 'ENOENT' }],
  [
    'a damaged database',
    (directory) => writeFileSync(join(directory, 'sidelight.db'), 'x'.repeat(9000)),
    { reason: 'corrupt' },
  ],
  [
    'an empty database',
    (directory) => writeFileSync(join(directory, 'sidelight.db'), ''),
    { reason: 'not-readable', error: 'SQLITE_1' },
  ],
  [
    'a database of a later version',
    (directory) => {
      const db = new DatabaseSync(join(directory, 'sidelight.db'));
      db.exec('PRAGMA user_version = 999');
      db.close();
    },
    { reason: 'newer-schema' },
  ],
  [
    'a pipe in place of the database, and of the lock',
    (directory) => {
      execFileSync('mkfifo', [join(directory, 'sidelight.db'), join(directory, 'lock.db')]);
    },
    { reason: 'corrupt' },
  ],
];

test.for(unusable)('a directory with %s says so, and stays as it is', ([name, make, expected]) => {
  const directory = join(root, name);
  mkdirSync(directory);
  make(directory);
  const names = readdirSync(directory);
  const { agent, state, findings } = read(directory);
  expect({ agent, findings }).toEqual({ agent: {}, findings: ['state-not-readable'] });
  expect(state).toEqual({ directory, durable: false, ...expected });
  expect(readdirSync(directory)).toEqual(names);
});

test('a directory that is none, and one that is not there, are not made', () => {
  writeFileSync(join(root, 'file'), '');
  expect(read(join(root, 'file')).state).toMatchObject({
    reason: 'not-readable',
    error: 'ENOTDIR',
  });
  expect(read(join(root, 'absent')).state).toMatchObject({ reason: 'not-there' });
  expect(readdirSync(root)).not.toContain('absent');
});

test('a name with what has a meaning in a URL is a name', () => {
  const { directory, state } = lived('100% a?b#c d');
  state.close();
  expect(read(directory).state).toEqual({ directory, durable: true });
});
