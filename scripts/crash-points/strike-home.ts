/** Strikes a running home at a system call that changes a file, and holds it to one sentence: what it took with 2xx is stored, once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { cloudEventBatch } from '../../src/sink/home/cloud-event.ts';
import { type Blow, traced } from './traced.ts';

const batches = 12;
const perBatch = 5;
const program = [process.execPath, resolve(import.meta.dirname, '../../bin/sidelight.ts')];

/** One sentence for each thing that is wrong; `log`: where strace writes what it did. */
export async function strikeHome(
  directory: string,
  blow: Blow,
  at: number,
  log: string,
): Promise<readonly string[]> {
  const taken = await live(directory, traced(blow, at, log));
  const faults = faultsOf(directory, taken);
  if (faults.length > 0) return faults;
  // Whoever was not answered sends all of it again.
  const all = await live(directory, []);
  const missed = batches * perBatch - all.length;
  return [
    ...(missed > 0 ? [`afterwards, it did not take ${missed}`] : []),
    ...faultsOf(directory, all),
  ];
}

/** The ids that it took, until it was dead or had all. */
async function live(directory: string, within: readonly string[]): Promise<readonly string[]> {
  const home = [...program, 'home', '--listen', '127.0.0.1:0', '--data', directory];
  const [command = '', ...args] = [...within, ...home];
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = once(child, 'close');
  try {
    const url = await Promise.race([listening(child.stderr), ended.then(() => undefined)]);
    return url === undefined ? [] : await sendAll(url);
  } finally {
    end(child);
    await ended;
  }
}

/** strace, told to end, only lets go of what it traces: home is told, too. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM');
}

function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((found) => {
    let text = '';
    stderr.on('data', (more) => {
      text += String(more);
      const [, url] = /url=(\S+)/.exec(text) ?? [];
      if (url !== undefined) found(url);
    });
  });
}

async function sendAll(url: string): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const ids = Array.from({ length: perBatch }, (_, index) => `report-${batch}-${index}`);
    const reports = ids.map((id) => {
      const time = '2026-11-23T14:00:00.000Z';
      return { id, time, body: JSON.stringify({ schema: 'sidelight.report/1', id, time }) };
    });
    const isTaken = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: cloudEventBatch('0198f000-0000-7000-8000-000000000000', reports),
      signal: AbortSignal.timeout(10_000),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isTaken) taken.push(...ids);
  }
  return taken;
}

function faultsOf(directory: string, taken: readonly string[]): readonly string[] {
  if (taken.length === 0) return [];
  const db = new DatabaseSync(join(directory, 'home.db'));
  try {
    const rows = db.prepare('SELECT id, count(*) AS times FROM event GROUP BY id').all();
    const times = new Map(rows.map(({ id, times: count }) => [String(id), Number(count)]));
    const [check] = db.prepare('PRAGMA integrity_check').all();
    return [
      ...(check?.['integrity_check'] === 'ok' ? [] : ['the database is damaged']),
      ...taken.filter((id) => !times.has(id)).map((id) => `${id} was taken, and is not stored`),
      ...[...times].filter(([, count]) => count > 1).map(([id]) => `${id} is stored twice`),
    ];
  } finally {
    db.close();
  }
}
