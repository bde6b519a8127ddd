/** A database that is damaged, cut off, emptied or gone when an agent comes or while it runs: what can be read goes on, the rest is counted. */
import {
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemRandom } from '../../../src/base/random.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { baselinesIn } from '../../../src/state/baselines.ts';
import { agentId } from '../../../src/state/identity.ts';
import { openState } from '../../../src/state/open-state.ts';
import type { Damage } from '../../../src/state/replace-database.ts';
import { someReport, steppedClock, temporaryDirectory } from '../../state/temporary.ts';

const everything = { maxCount: 100_000, maxBytes: Number.MAX_SAFE_INTEGER };
const clock = steppedClock();
const receivers = ['home', 'other'];
const pageBytes = 4096;

function live(directory: string, exclusive = true) {
  const damaged: Damage[] = [];
  const onDamage = (damage: Damage): void => void damaged.push(damage);
  const state = openState({ directory, exclusive, clock, onDamage });
  onTestFinished(() => {
    if (state.db.isOpen) state.close();
  });
  const spool = new Spool({ state, clock, receivers });
  const id = agentId(state.db, clock, systemRandom);
  return { state, spool, id, damaged };
}

const waiting = (spool: Spool, receiver = 'home') =>
  spool
    .cursor(receiver)
    .nextBatch(everything)
    .map(({ id }) => id);

const expected = Array.from({ length: 21 }, (_, index) => `r${index + 1}`);

/** As an agent leaves it whose home was down: 21 reports wait, of which other has the first. */
function lived() {
  const directory = temporaryDirectory();
  const { state, spool, id } = live(directory);
  for (const each of expected) spool.add(someReport({ id: each, padding: 3_000 }));
  spool.cursor('other').acknowledge(['r1']);
  state.close();
  return { directory, id, path: join(directory, 'sidelight.db') };
}

/** That nothing is forgotten: each report waits, or is counted; name and numbers go on; and it is news. */
function expectAccount({ spool, id }: ReturnType<typeof live>, before: string) {
  expect(id).toBe(before);
  const [home, other] = receivers.map((receiver) => {
    const found = waiting(spool, receiver);
    expect(expected.filter((each) => found.includes(each))).toEqual(found);
    return { found, lost: spool.cursor(receiver).stats().lost.storage };
  });
  expect((home?.found.length ?? 0) + (home?.lost ?? 0)).toBe(21);
  expect((other?.found.length ?? 0) + (other?.lost ?? 0)).toBe(20);
  expect(spool.newlyLost()).toBe((home?.lost ?? 0) + (other?.lost ?? 0));
  expect(spool.add(someReport({ id: 'next' })).report.sequence).toBe(22);
  expect(waiting(spool).at(-1)).toBe('next');
  return home?.found.length ?? 0;
}

function overwrite(path: string, page: number): void {
  const descriptor = openSync(path, 'r+');
  const garbage = Buffer.alloc(pageBytes, 0xa5);
  writeSync(descriptor, garbage, 0, pageBytes, page * pageBytes);
  closeSync(descriptor);
}

test('whichever page is garbage at the start, what can be read is taken over and the rest counted', () => {
  const saved: number[] = [];
  const pages = statSync(lived().path).size / pageBytes;
  expect(pages).toBeGreaterThan(25);
  for (let page = 0; page < pages; page += 1) {
    const { directory, id, path } = lived();
    overwrite(path, page);
    const again = live(directory);
    saved.push(expectAccount(again, id));
    again.state.close();
  }
  // A page holds a report or two, and the first of them is what all others hang on.
  expect(saved[0]).toBe(0);
  expect(saved.filter((count) => count >= 18).length).toBeGreaterThan(pages * 0.8);
});

test.for([
  ['emptied', (path: string) => truncateSync(path, 0), 0],
  ['gone', (path: string) => rmSync(path), 0],
  ['cut off after its first page', (path: string) => truncateSync(path, pageBytes), 0],
  ['no database any more', (path: string) => writeFileSync(path, 'x'.repeat(9_000)), 0],
  [
    'cut off by its last page',
    (path: string) => truncateSync(path, statSync(path).size - pageBytes),
    10,
  ],
] as const)('a database that is %s was somebody’s', ([, harm, atLeast]) => {
  const { directory, id, path } = lived();
  harm(path);
  const again = live(directory);
  expect(again.state.damage).toMatchObject({ lost: expect.any(Number) });
  expect(expectAccount(again, id)).toBeGreaterThanOrEqual(atLeast);
});

test('a guest that comes first takes over no less', () => {
  const { directory, id, path } = lived();
  truncateSync(path, 0);
  const guest = live(directory, false);
  expect(guest.state.damage).toMatchObject({ saved: 0, lost: 21 });
  guest.state.close();
  const again = live(directory);
  expect(again.state.damage).toBeUndefined();
  expectAccount(again, id);
});

test('without an account, as earlier versions left it, what can be read goes on', () => {
  const { directory, id, path } = lived();
  rmSync(join(directory, 'account'));
  overwrite(path, statSync(path).size / pageBytes - 1);
  const again = live(directory);
  expect(again.state.damage).toBeDefined();
  expect(expectAccount(again, id)).toBeGreaterThan(10);
});

test('an account that is garbage, or half written, is none, and the copy before it counts', () => {
  const { directory, id, path } = lived();
  const descriptor = openSync(join(directory, 'account'), 'r+');
  // Of the two copies the one that was written last, after 22 transactions.
  writeSync(descriptor, '{'.repeat(20), 0);
  closeSync(descriptor);
  rmSync(path);
  expect(live(directory).id).toBe(id);
});

test('an agent that was killed between the two steps of a replacement: the next one ends it', () => {
  const { directory, id, path } = lived();
  renameSync(path, `${path}.new`);
  const again = live(directory);
  expect(expectAccount(again, id)).toBe(21);
  expect(readdirSync(directory)).not.toContain('sidelight.db.new');
});

test('a replacement that was not whole yet is begun anew', () => {
  const { directory, id, path } = lived();
  writeFileSync(`${path}.new`, 'x'.repeat(5_000));
  truncateSync(path, 2 * pageBytes);
  expectAccount(live(directory), id);
});

test('the baseline outlives damage elsewhere', () => {
  const { directory, path } = lived();
  const first = live(directory);
  const evidence = { time: 't', steps: [], alerts: [] } as never;
  baselinesIn(first.state, clock).put('target', { evidence });
  first.state.close();
  overwrite(path, statSync(path).size / pageBytes - 8);
  const again = live(directory);
  expect(again.state.damage).toBeDefined();
  expect(baselinesIn(again.state, clock).get('target')?.evidence.time).toBe('t');
});

test.for([0, 1, 3])(
  'a database that is cut off to %i pages while the agent runs is replaced at once',
  (pages) => {
    const { directory, id, path } = lived();
    const again = live(directory);
    truncateSync(path, pages * pageBytes);
    again.state.db.exec('PRAGMA shrink_memory');
    expect(waiting(again.spool).length).toBeLessThan(21);
    expect(again.damaged).toHaveLength(1);
    expectAccount(again, id);
    again.state.close();
    const next = live(directory);
    expect(next.state.damage).toBeUndefined();
    expect(next.id).toBe(id);
    expect(next.spool.add(someReport({ id: 'after' })).report.sequence).toBe(23);
  },
);
