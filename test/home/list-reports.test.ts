import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { openEventStore } from '../../src/home/event-store.ts';
import { homeMigrations } from '../../src/home/home-schema.ts';
import { listReports, type ReportFilter } from '../../src/home/list-reports.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const bin = join(import.meta.dirname, '../../bin/sidelight.ts');
const noon = Date.UTC(2026, 7, 26, 12);
const minute = 60_000;

async function fleet() {
  const home = await openHome();
  const send = openSender(home.url);
  const events = Array.from({ length: 450 }, (_, n) => ({
    ...reportEvent(`r${n}`, {
      source: `urn:sidelight:agent:${n % 3}`,
      agent: {
        host: `host-${n % 3}`,
        delegate: { name: `delegate-${n % 3}`, account: n % 3 === 0 ? 'one' : 'many' },
      },
      target: { url: `https://gateway-${n % 2}.example/`, host: 'gateway.example' },
      outcome: n % 5 === 0 ? 'rejected' : 'accepted',
      ...(n % 5 === 0 && { cause: { code: 'client-certificate-expired' } }),
    }),
    time: new Date(noon + n * minute).toISOString(),
  }));
  await send(events.toReversed());
  return { ...home, send };
}

test('filters choose by what reports say, oldest first, and together', async () => {
  const { dataDir } = await fleet();
  const ids = (filter: ReportFilter) =>
    [...listReports(dataDir, filter)].map(({ id }) => Number(id.slice(1)));
  const all = Array.from({ length: 450 }, (_, n) => n);
  const where = (is: (n: number) => boolean) => all.filter(is);
  expect(ids({})).toEqual(all);
  expect(ids({ delegate: 'delegate-1' })).toEqual(where((n) => n % 3 === 1));
  expect(ids({ delegate: 'host-1' })).toEqual(where((n) => n % 3 === 1));
  expect(ids({ delegate: 'urn:sidelight:agent:1' })).toEqual(where((n) => n % 3 === 1));
  expect(ids({ account: 'one' })).toEqual(where((n) => n % 3 === 0));
  expect(ids({ target: 'gateway-1' })).toEqual(where((n) => n % 2 === 1));
  expect(ids({ outcome: 'rejected' })).toEqual(where((n) => n % 5 === 0));
  expect(ids({ cause: 'client-certificate-expired' })).toEqual(where((n) => n % 5 === 0));
  expect(ids({ sinceMs: noon + 400 * minute })).toEqual(where((n) => n >= 400));
  expect(ids({ untilMs: noon + 400 * minute })).toEqual(where((n) => n < 400));
  expect(ids({ limit: 7 })).toEqual(where((n) => n >= 443));
  expect(ids({ limit: 1_000 })).toEqual(all);
  expect(ids({ account: 'one', outcome: 'rejected', limit: 2 })).toEqual([420, 435]);
  expect(ids({ delegate: "x' OR 1=1 --" })).toEqual([]);
});

function list(dataDir: string, ...options: readonly string[]) {
  const child = spawn(process.execPath, [bin, 'home', 'list', '--data', dataDir, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '') as { id: string };
  return { child, next };
}

test('home list --follow goes on with what arrives in a home that runs, until SIGINT', async () => {
  const { dataDir, send } = await fleet();
  const options = ['--follow', '--limit', '1', '--account', 'one', '--since', '2026-08-26T12:00Z'];
  const bad = list(dataDir, ...options);
  expect(await once(bad.child, 'exit')).toEqual([2, null]);
  const { child, next } = list(dataDir, ...options.with(-1, '2026-08-26T12:00:00Z'));
  expect(await next()).toMatchObject({ id: 'r447' });
  const facts = { agent: { delegate: { account: 'one' } } };
  await send([reportEvent('other'), reportEvent('new', facts)]);
  expect(await next()).toMatchObject({ id: 'new' });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('home list --follow ends when its reader goes away', async () => {
  const { dataDir, send } = await fleet();
  const { child, next } = list(dataDir, '--follow', '--limit', '1');
  await next();
  child.stdout.destroy();
  await send([reportEvent('unread')]);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a database of the first version is brought to the present one, with the columns filled', () => {
  const directory = temporaryDirectory();
  const old = new DatabaseSync(join(directory, 'home.db'));
  old.exec(homeMigrations[0] ?? '');
  old.exec('PRAGMA user_version = 1');
  const report = JSON.stringify({
    schema: 'sidelight.report/1',
    agent: { host: 'h', delegate: { name: 'd', account: 'a' } },
    target: { url: 'https://gateway/' },
    outcome: 'rejected',
    cause: { code: 'client-certificate-expired' },
  });
  old.prepare("INSERT INTO event VALUES (7, 'urn:a', 'x', 1, 2, 'paris', ?)").run(report);
  old.close();
  expect(() => [...listReports(directory)]).toThrow(CannotRun);
  const store = openEventStore(directory);
  onTestFinished(() => store.close());
  const filter = { delegate: 'd', account: 'a', outcome: 'rejected', target: 'gateway' };
  expect([...listReports(directory, filter)]).toMatchObject([{ id: 'x', report, sender: 'paris' }]);
  expect(store.db.prepare('SELECT * FROM source').all()).toEqual([
    { source: 'urn:a', owner: 'paris', first_ms: 2 },
  ]);
});
