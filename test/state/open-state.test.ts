import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { baselinesIn } from '../../src/state/baselines.ts';
import { agentId } from '../../src/state/identity.ts';
import type { OpenState } from '../../src/state/open-state.ts';
import { openState } from '../../src/state/open-state.ts';
import { steppedClock, temporaryDirectory } from './temporary.ts';

const clock = steppedClock();

function open(directory: string | undefined, exclusive = false): OpenState {
  const state = openState({ ...(directory && { directory }), exclusive, clock });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  return state;
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('directory and files are private to their owner', () => {
  const directory = join(temporaryDirectory(), 'a', 'state');
  const state = open(directory, true);
  agentId(state.db, clock, systemRandom);
  expect(state.durable).toBe(true);
  expect(mode(directory)).toBe('700');
  const files = readdirSync(directory).sort();
  expect(files).toEqual([
    'account',
    'held',
    'lock.db',
    'sidelight.db',
    'sidelight.db-shm',
    'sidelight.db-wal',
  ]);
  expect(new Set(files.map((name) => mode(join(directory, name))))).toEqual(new Set(['600']));
});

test('a file that others could read is made private', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'sidelight.db'), '', { mode: 0o644 });
  open(directory);
  expect(mode(join(directory, 'sidelight.db'))).toBe('600');
});

test('every commit is synced to disk', () => {
  const { db } = open(temporaryDirectory());
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

test('to open what is up to date writes nothing: a verdict does not wait for the disk', () => {
  const directory = temporaryDirectory();
  open(directory).close();
  const { db } = open(directory);
  expect(db.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
  expect(statSync(join(directory, 'sidelight.db-wal')).size).toBe(0);
});

test('without a directory everything is in memory, and it says so', () => {
  const state = open(undefined);
  expect(state).toMatchObject({ durable: false, reason: { code: 'no-directory' } });
  expect(agentId(state.db, clock, systemRandom)).toMatch(/^[0-9a-f-]{36}$/);
});

test.for([
  ['below a file', 'file/state', 'ENOTDIR'],
  ['behind a link to nowhere', 'link', 'ENOENT'],
  ['below a link to nowhere', 'link/state', 'ENOENT'],
] as const)(
  'a directory that cannot be made, %s, falls back to memory with the errno',
  ([, path, error]) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    symlinkSync(join(directory, 'nowhere'), join(directory, 'link'));
    const state = open(join(directory, path), true);
    expect(state).toMatchObject({ durable: false, reason: { code: 'not-writable', error } });
  },
);

test('a database behind a symbolic link is not followed to its new place', () => {
  const directory = temporaryDirectory();
  const elsewhere = join(temporaryDirectory(), 'victim');
  // Dangling: creating through it would make a file where the link points.
  symlinkSync(elsewhere, join(directory, 'sidelight.db'));
  open(directory);
  expect(() => statSync(elsewhere)).toThrow();
});

test('a damaged database is set aside and a new one begun', () => {
  const directory = temporaryDirectory();
  const garbage = 'this is no database at all. '.repeat(100);
  writeFileSync(join(directory, 'sidelight.db'), garbage);
  const state = open(directory, true);
  expect(state.durable).toBe(true);
  expect(state.damage?.setAside).toBe(join(directory, 'sidelight.db.corrupt-20261123T140000000Z'));
  expect(readFileSync(state.damage?.setAside ?? '', 'utf8')).toBe(garbage);
  agentId(state.db, clock, systemRandom);
});

test('damage inside a page is found at the start', () => {
  const directory = temporaryDirectory();
  const first = open(directory, true);
  for (let i = 0; i < 200; i += 1) {
    first.db.prepare('INSERT INTO fact (name, value) VALUES (?, ?)').run(`n${i}`, 'v'.repeat(200));
  }
  first.close();
  const path = join(directory, 'sidelight.db');
  const octets = readFileSync(path);
  writeFileSync(path, octets.fill(0xff, 4096, octets.length));
  expect(open(directory, true).damage?.setAside).toBeDefined();
});

test('only the latest damaged database is kept', () => {
  const directory = temporaryDirectory();
  for (let round = 0; round < 3; round += 1) {
    writeFileSync(join(directory, 'sidelight.db'), 'x'.repeat(500));
    open(directory).close();
    clock.pass(1_000);
  }
  const kept = readdirSync(directory).filter((name) => name.includes('corrupt'));
  expect(kept).toEqual(['sidelight.db.corrupt-20261123T140002000Z']);
});

test('a guest leaves a damaged database to the agent that runs', () => {
  const directory = temporaryDirectory();
  const owner = open(directory, true);
  owner.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  writeFileSync(join(directory, 'sidelight.db'), 'x'.repeat(5_000));
  expect(open(directory)).toMatchObject({ durable: false, reason: { code: 'corrupt' } });
  expect(readdirSync(directory).some((name) => name.includes('corrupt'))).toBe(false);
});

test('a database of a later version is left alone', () => {
  const directory = temporaryDirectory();
  const first = open(directory);
  first.db.exec('PRAGMA user_version = 99');
  first.close();
  expect(open(directory)).toMatchObject({ durable: false, reason: { code: 'newer-schema' } });
  const db = new DatabaseSync(join(directory, 'sidelight.db'));
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  db.close();
});

test('a second agent on one directory is told, a guest is not', () => {
  const directory = temporaryDirectory();
  const first = open(directory, true);
  expect(() => open(directory, true)).toThrow(CannotRun);
  expect(open(directory).durable).toBe(true);
  first.close();
  expect(open(directory, true).durable).toBe(true);
});

test('the lock of an agent that was killed is free', async () => {
  const directory = temporaryDirectory();
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { openState } = await import('${import.meta.dirname}/../../src/state/open-state.ts');
       const { systemClock } = await import('${import.meta.dirname}/../../src/base/clock.ts');
       globalThis.state = openState({ directory: process.argv[1], exclusive: true, clock: systemClock });
       console.log('held'); setInterval(() => {}, 1000);`,
      directory,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  expect(() => open(directory, true)).toThrow(CannotRun);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(open(directory, true).durable).toBe(true);
});

test('the agent keeps its name, and another directory gives another', () => {
  const directory = temporaryDirectory();
  const first = open(directory);
  const id = agentId(first.db, clock, systemRandom);
  first.close();
  expect(agentId(open(directory).db, clock, systemRandom)).toBe(id);
  expect(agentId(open(temporaryDirectory()).db, clock, systemRandom)).not.toBe(id);
});

test('a baseline is kept per target and replaced whole', () => {
  const directory = temporaryDirectory();
  const evidence = (time: string): Evidence =>
    ({ time, steps: [], alerts: [] }) as unknown as Evidence;
  const first = open(directory);
  const baselines = baselinesIn(first, clock);
  expect(baselines.get('a')).toBeUndefined();
  baselines.put('a', { evidence: evidence('1') });
  baselines.put('b', { evidence: evidence('2') });
  baselines.put('a', { evidence: evidence('3') });
  first.close();
  const again = baselinesIn(open(directory), clock);
  expect(again.get('a')?.evidence.time).toBe('3');
  expect(again.get('b')?.evidence.time).toBe('2');
});

test.for(['', '{', 'null', '[]', '{"evidence":{}}'])('a stored baseline of %j is none', (value) => {
  const state = open(temporaryDirectory());
  state.db
    .prepare('INSERT INTO baseline (target, written_ms, value) VALUES (?, 0, ?)')
    .run('a', value);
  expect(baselinesIn(state, clock).get('a')).toBeUndefined();
});

test('targets of the past are forgotten, the oldest first', () => {
  const state = open(undefined);
  const baselines = baselinesIn(state, clock);
  const baseline = { evidence: { steps: [] } as unknown as Evidence };
  for (let i = 0; i < 1_003; i += 1) {
    clock.pass(1);
    baselines.put(`t${i}`, baseline);
  }
  expect(baselines.get('t2')).toBeUndefined();
  expect(baselines.get('t3')).toBeDefined();
});
