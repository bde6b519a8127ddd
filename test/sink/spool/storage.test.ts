/** The spool over disks that fail it: full, held by others, damaged while in use, killed with reports in memory. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemRandom } from '../../../src/base/random.ts';
import { memoryMaxBytes } from '../../../src/sink/spool/limits.ts';
import { Spool, type SpoolOptions } from '../../../src/sink/spool/spool.ts';
import { baselinesIn } from '../../../src/state/baselines.ts';
import { agentId } from '../../../src/state/identity.ts';
import { type OpenState, openState } from '../../../src/state/open-state.ts';
import type { Damage } from '../../../src/state/replace-database.ts';
import { warnedIn } from '../../../src/state/warned.ts';
import { someReport, steppedClock, temporaryDirectory } from '../../state/temporary.ts';

const everything = { maxCount: 100_000, maxBytes: Number.MAX_SAFE_INTEGER };
const clock = steppedClock();

function begin(options: Partial<SpoolOptions> & { directory?: string } = {}) {
  const { directory = temporaryDirectory(), ...rest } = options;
  const damaged: Damage[] = [];
  const onDamage = (damage: Damage): void => void damaged.push(damage);
  const state = openState({ directory, exclusive: true, clock, onDamage });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  const spool = new Spool({ state, clock, ...rest });
  return { spool, state, directory, damaged };
}

const waiting = (spool: Spool, receiver = 'home') =>
  spool
    .cursor(receiver)
    .nextBatch(everything)
    .map(({ id }) => id);

function add(spool: Spool, ids: readonly string[], padding = 0): readonly string[] {
  return ids.map((id) => spool.add(someReport({ id, padding })).outcome);
}

/** No page more than there are. */
function fillDisk({ db }: OpenState): void {
  const { page_count: pages } = db.prepare('PRAGMA page_count').get() ?? {};
  db.exec(`PRAGMA max_page_count = ${Number(pages)}`);
}

function freeDisk({ db }: OpenState): void {
  db.exec('PRAGMA max_page_count = 1000000');
}

test('what the disk does not take is delivered from memory, in order, and nothing is written twice later', () => {
  const { spool, state } = begin({ receivers: ['home', 'other'] });
  add(spool, ['a']);
  fillDisk(state);
  expect(add(spool, ['b', 'c'], 50_000)).toEqual(['held', 'held']);
  const home = spool.cursor('home');
  expect(waiting(spool)).toEqual(['a']);
  home.acknowledge(['a']);
  expect(waiting(spool)).toEqual(['b', 'c']);
  home.acknowledge(['b']);
  expect(waiting(spool)).toEqual(['c']);
  freeDisk(state);
  expect(spool.writeHeld()).toBe(true);
  expect(waiting(spool)).toEqual(['c']);
  expect(waiting(spool, 'other')).toEqual(['a', 'b', 'c']);
  expect(spool.stats().lost).toEqual({ age: 0, size: 0, rejected: 0, storage: 0 });
});

test('memory is bounded: the oldest that is held goes first, and is counted for each that waited', () => {
  const { spool, state } = begin({ receivers: ['home', 'other'] });
  add(spool, ['a']);
  fillDisk(state);
  const ids = Array.from({ length: 25 }, (_, i) => `r${i}`);
  add(spool, ids, 200_000);
  const held = spool.cursor('home').stats();
  expect(held.waitingBytes).toBeLessThanOrEqual(memoryMaxBytes + 1000);
  expect(held.waiting).toBe(21);
  expect(spool.stats().lost.size).toBe(10);
  freeDisk(state);
  expect(spool.writeHeld()).toBe(true);
  expect(waiting(spool)).toEqual(['a', ...ids.slice(5)]);
  expect(spool.stats().lost.size).toBe(10);
});

test('numbers go on over a full disk, and an agent that is killed with reports in memory leaves their count', () => {
  const { spool, state, directory } = begin();
  add(spool, ['a']);
  fillDisk(state);
  const held = ['b', 'c'].map(
    (id) => spool.add(someReport({ id, padding: 50_000 })).report.sequence,
  );
  expect(held).toEqual([2, 3]);
  // As SIGKILL leaves it: nothing is written any more.
  state.close();
  const again = begin({ directory });
  expect(again.spool.stats().lost.storage).toBe(2);
  expect(again.spool.add(someReport({ id: 'd' })).report.sequence).toBe(4);
  expect(waiting(again.spool)).toEqual(['a', 'd']);
  again.state.close();
  expect(begin({ directory }).spool.stats().lost.storage).toBe(2);
});

test('a guest that took the number of a held report meanwhile keeps it', () => {
  const { spool, state, directory } = begin();
  fillDisk(state);
  expect(spool.add(someReport({ id: 'held', padding: 50_000 })).report.sequence).toBe(1);
  const guest = openState({ directory, exclusive: false, clock });
  expect(new Spool({ state: guest, clock }).add(someReport({ id: 'guest' })).report.sequence).toBe(
    1,
  );
  guest.close();
  freeDisk(state);
  spool.writeHeld();
  const found = spool.cursor('home').nextBatch(everything);
  expect(found.map(({ id, sequence, body }) => [id, sequence, JSON.parse(body).sequence])).toEqual([
    ['guest', 1, 1],
    ['held', 2, 2],
  ]);
});

test('another process may hold the database for long: the agent goes on, and writes all of it afterwards', async () => {
  const { spool, directory } = begin();
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('BEGIN IMMEDIATE');
    console.log('held');
    setTimeout(() => { db.exec('ROLLBACK'); db.close(); console.log('free'); }, 1500);`;
  const other = spawn(process.execPath, ['-e', script, join(directory, 'sidelight.db')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  const closed = once(other, 'close');
  await once(other.stdout, 'data');
  const before = process.hrtime.bigint();
  expect(add(spool, ['a', 'b', 'c'])).toEqual(['held', 'held', 'held']);
  // Whoever waits for a lock looks at nothing.
  expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(1_300);
  await closed;
  expect(spool.writeHeld()).toBe(true);
  expect(waiting(spool)).toEqual(['a', 'b', 'c']);
  expect(spool.stats().lost.storage).toBe(0);
});

test('a page that is overwritten while the agent runs: set aside, begun anew under the same name, counted', () => {
  const { spool, state, directory, damaged } = begin({ receivers: ['home', 'other'] });
  const id = agentId(state.db, clock, systemRandom);
  add(spool, ['a', 'b', 'c'], 20_000);
  spool.cursor('other').acknowledge(['a']);
  overwrite(state, directory);
  expect(add(spool, ['d'])).toEqual(['kept']);
  expect(damaged).toHaveLength(1);
  expect(readdirSync(directory).filter((name) => name.includes('corrupt'))).toHaveLength(1);
  expect(state.durable).toBe(true);
  expect(waiting(spool)).toEqual(['d']);
  expect(agentId(state.db, clock, systemRandom)).toBe(id);
  expect(spool.stats().receivers.map(({ lost }) => lost.storage)).toEqual([3, 2]);
  expect(spool.add(someReport({ id: 'e' })).report.sequence).toBe(5);
  state.close();
  const again = begin({ directory });
  expect(waiting(again.spool)).toEqual(['d', 'e']);
});

test('damage that is found while reading is treated alike, and nothing is ever thrown', () => {
  const { spool, state, directory, damaged } = begin();
  add(spool, ['a', 'b', 'c'], 20_000);
  overwrite(state, directory);
  expect(waiting(spool)).toEqual([]);
  expect(damaged).toHaveLength(1);
  expect(spool.stats()).toMatchObject({ waiting: 0, lost: { storage: 3 } });
});

/** All but the first page, which SQLite would read anew only later. */
function overwrite({ db }: OpenState, directory: string): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  // The cache of the connection would hide it.
  db.exec('PRAGMA shrink_memory');
  const path = join(directory, 'sidelight.db');
  const descriptor = openSync(path, 'r+');
  const garbage = Buffer.alloc(statSync(path).size - 4096, 0xa5);
  writeSync(descriptor, garbage, 0, garbage.length, 4096);
  closeSync(descriptor);
}

test('damage that somebody else finds first is no surprise to the spool', () => {
  const { spool, state, directory, damaged } = begin();
  add(spool, ['a', 'b'], 20_000);
  state.db.prepare('INSERT INTO baseline VALUES (?, 0, ?)').run('t', 'x'.repeat(50_000));
  overwrite(state, directory);
  expect(baselinesIn(state, clock).get('t')).toBeUndefined();
  expect(damaged).toHaveLength(1);
  expect(spool.stats()).toMatchObject({ waiting: 0, lost: { storage: 2 } });
  expect(spool.newlyLost()).toBe(2);
  expect(add(spool, ['c'])).toEqual(['kept']);
  expect(waiting(spool)).toEqual(['c']);
});

test('damage that the warnings find first is no end of the watch: they are told again, and kept from then on', () => {
  const { state, directory, damaged } = begin();
  const warned = warnedIn(state, clock);
  warned.put('t', ['a']);
  expect(warned.get('t')).toEqual(['a']);
  overwrite(state, directory);
  warned.put('t', ['b']);
  expect(damaged).toHaveLength(1);
  expect(warned.get('t')).toEqual(['b']);
});

test('losses that no heartbeat has told of are news in the next life too', () => {
  const { spool, state, directory } = begin({ limits: { maxReports: 1 } });
  add(spool, ['a', 'b', 'c']);
  expect(spool.newlyLost()).toBe(2);
  spool.lossesTold();
  expect(spool.newlyLost()).toBe(0);
  add(spool, ['d']);
  state.close();
  const again = begin({ directory, limits: { maxReports: 1 } });
  expect(again.spool.newlyLost()).toBe(1);
});

const canMount =
  spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

const src = `${import.meta.dirname}/../../../src`;

/** Runs in a namespace with a disk of its own at `directory`, and gives what the script prints as JSON. */
function onOwnDisk(mount: string, directory: string, script: string): unknown {
  const program = `
    import { rmSync, openSync, writeSync, closeSync, mkdirSync } from 'node:fs';
    import { execFileSync } from 'node:child_process';
    const directory = process.argv[1];
    const { openState } = await import('${src}/state/open-state.ts');
    const { systemClock: clock } = await import('${src}/base/clock.ts');
    const { Spool } = await import('${src}/sink/spool/spool.ts');
    const begin = () => {
      const state = openState({ directory, exclusive: true, clock });
      return { state, spool: new Spool({ state, clock }) };
    };
    const report = (id, padding) => ({ id, time: '2026-11-23T14:00:00.000Z', padding: 'x'.repeat(padding) });
    const ids = (spool) => spool.cursor('home').nextBatch({ maxCount: 99, maxBytes: 1e9 }).map(({ id }) => id);
    ${script}`;
  const shell = `${mount}; exec "$NODE" --input-type=module -e "$PROGRAM" "$1"`;
  const env = { ...process.env, NODE: process.execPath, PROGRAM: program };
  const { stdout, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-ec', shell, 'sh', directory], {
    env,
  });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString());
}

test.skipIf(!canMount)(
  'a disk that is really full: held, delivered from memory, and written when there is room',
  () => {
    const said = onOwnDisk(
      'mount -t tmpfs -o size=1m none "$1"',
      temporaryDirectory(),
      `
    const { state, spool } = begin();
    const first = spool.add(report('a', 1000)).outcome;
    const filler = openSync(directory + '/filler', 'w');
    try { for (;;) writeSync(filler, Buffer.alloc(4096)); } catch {}
    closeSync(filler);
    const full = ['b', 'c', 'd'].map((id) => spool.add(report(id, 100_000)).outcome);
    const fromMemory = [...ids(spool)];
    spool.cursor('home').acknowledge(fromMemory);
    const next = ids(spool);
    const mark = state.mark.read();
    rmSync(directory + '/filler');
    const isWritten = spool.writeHeld();
    console.log(JSON.stringify({ first, full, fromMemory, next, mark, isWritten, after: ids(spool), later: state.mark.read(), lost: spool.stats().lost.storage }));`,
    );
    expect(said).toEqual({
      first: 'kept',
      full: ['held', 'held', 'held'],
      fromMemory: ['a'],
      next: ['b', 'c', 'd'],
      mark: { reports: 3, sequence: 4 },
      isWritten: true,
      after: ['b', 'c', 'd'],
      later: { reports: 0, sequence: 0 },
      lost: 0,
    });
  },
);

test.skipIf(!canMount)(
  'a disk that is full at the start: the same name and the next numbers, and all of it goes on when there is room',
  () => {
    const said = onOwnDisk(
      'mount -t tmpfs -o size=1m none "$1"',
      temporaryDirectory(),
      `
    const { agentId } = await import('${src}/state/identity.ts');
    const { systemRandom } = await import('${src}/base/random.ts');
    const idOf = ({ state }) => agentId(state.db, clock, systemRandom);
    const first = begin();
    const id = idOf(first);
    for (const each of ['a', 'b']) first.spool.add(report(each, 1000));
    first.state.close();
    const fill = () => {
      const filler = openSync(directory + '/filler', 'a');
      try { for (;;) writeSync(filler, Buffer.alloc(4096)); } catch {}
      closeSync(filler);
    };
    fill();
    const killed = begin();
    const atStart = { durable: killed.state.durable, isSame: idOf(killed) === id, waiting: killed.spool.stats().waiting };
    const added = killed.spool.add(report('c', 1000));
    const held = { outcome: added.outcome, sequence: added.report.sequence, ids: ids(killed.spool), waiting: killed.spool.stats().waiting };
    let second;
    try { begin(); } catch (error) { second = error.name; }
    const isTaken = killed.spool.writeHeld();
    killed.state.close();
    const { state, spool } = begin();
    const next = spool.add(report('d', 1000)).report.sequence;
    rmSync(directory + '/filler');
    const isWritten = spool.writeHeld();
    const { lost, waiting } = spool.stats();
    console.log(JSON.stringify({ atStart, held, second, isTaken, next, isWritten, durable: state.durable, isSame: idOf({ state }) === id, after: ids(spool), waiting, lost: lost.storage }));`,
    );
    expect(said).toEqual({
      atStart: { durable: false, isSame: true, waiting: 2 },
      held: { outcome: 'held', sequence: 3, ids: ['c'], waiting: 3 },
      second: 'CannotRun',
      isTaken: false,
      next: 4,
      isWritten: true,
      durable: true,
      isSame: true,
      after: ['a', 'b', 'd'],
      waiting: 3,
      lost: 1,
    });
  },
);

test.skipIf(!canMount)('a file system that is read-only: all is in memory, and it says so', () => {
  const directory = temporaryDirectory();
  begin({ directory }).state.close();
  const said = onOwnDisk(
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"',
    directory,
    `
    const { state, spool } = begin();
    const outcome = spool.add(report('a', 10)).outcome;
    console.log(JSON.stringify({ durable: state.durable, isLocked: state.isLocked, reason: state.reason, outcome, ids: ids(spool) }));`,
  );
  expect(said).toEqual({
    durable: false,
    isLocked: false,
    reason: { code: 'not-writable', error: 'EROFS' },
    outcome: 'held',
    ids: ['a'],
  });
});
