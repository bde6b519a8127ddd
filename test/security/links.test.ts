/** What somebody else lays into a directory that everybody may write to, /tmp above all, is not written through. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { systemClock } from '../../src/base/clock.ts';
import { checkAppendable } from '../../src/cli/check-appendable.ts';
import { openOutputFile } from '../../src/cli/output-file.ts';
import { openEventStore } from '../../src/home/event-store.ts';
import { openState } from '../../src/state/open-state.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const somebodyElse = 65_534;
/** Only root can lay something that is somebody else's. */
const asRoot = test.skipIf(process.getuid?.() !== 0);

function places(): { shared: string; victim: string; others: string } {
  const base = temporaryDirectory();
  const shared = join(base, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const victim = join(base, 'victim');
  writeFileSync(victim, 'of the owner', { mode: 0o644 });
  return { shared, victim, others: join(shared, 'laid') };
}

asRoot.for(['--output', '--log-file'])("%s follows nobody else's link", (option) => {
  const { shared, victim, others } = places();
  symlinkSync(victim, others);
  lchownSync(others, somebodyElse, somebodyElse);
  symlinkSync(others, join(shared, 'mine'));
  const open = (path: string) => () =>
    option === '--output'
      ? openOutputFile(path, 'x').commit('written')
      : checkAppendable(path, option);
  for (const path of [others, join(shared, 'mine')]) {
    expect(open(path)).toThrow(CannotRun);
    expect(open(path)).toThrow('(EACCES)');
  }
  expect(readFileSync(victim, 'utf8')).toBe('of the owner');
  expect(readdirSync(shared).sort()).toEqual(['laid', 'mine']);
});

test('a link of our own is followed there as elsewhere', () => {
  const { victim, others } = places();
  symlinkSync(victim, others);
  openOutputFile(others, 'x').commit('written');
  expect(readFileSync(victim, 'utf8')).toBe('written');
});

test('what is put in the place of the file that is being written is not written to', () => {
  const { shared, victim } = places();
  const file = openOutputFile(join(shared, 'report'), 'x');
  spawnSync('ln', ['-sf', victim, join(shared, 'report.x.tmp')]);
  file.commit('written');
  expect(readFileSync(victim, 'utf8')).toBe('of the owner');
});

const databases = [
  ...['sidelight.db', 'sidelight.db-wal', 'sidelight.db-shm', 'sidelight.db.new'],
  ...['lock.db', 'held', 'account'],
];

test.for(databases.flatMap((name) => [[name, 'symbolic'] as const, [name, 'hard'] as const]))(
  '%s in the state directory is not written through a %s link',
  ([name, kind]) => {
    const { shared, victim } = places();
    openState({ directory: shared, exclusive: true, clock: systemClock }).close();
    rmSync(join(shared, name), { force: true });
    if (kind === 'symbolic') symlinkSync(victim, join(shared, name));
    else linkSync(victim, join(shared, name));
    const state = openState({ directory: shared, exclusive: true, clock: systemClock });
    state.close();
    expect(readFileSync(victim, 'utf8')).toBe('of the owner');
    expect(statSync(victim).mode & 0o777).toBe(0o644);
  },
);

test.for(['symbolic', 'hard'])("home's database is not written through a %s link", (kind) => {
  const { shared, victim } = places();
  if (kind === 'symbolic') symlinkSync(victim, join(shared, 'home.db'));
  else linkSync(victim, join(shared, 'home.db'));
  expect(() => openEventStore(shared)).toThrow(CannotRun);
  expect(readFileSync(victim, 'utf8')).toBe('of the owner');
  expect(statSync(victim).mode & 0o777).toBe(0o644);
});

test('a dangling link makes no file where it leads', () => {
  const { shared, others } = places();
  const elsewhere = join(shared, 'elsewhere');
  symlinkSync(elsewhere, others);
  expect(() => openOutputFile(others, 'x')).toThrow(CannotRun);
  expect(existsSync(elsewhere)).toBe(false);
});
