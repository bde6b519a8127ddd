/** Reports a second into the spool and out of it, beside bare inserts and deletes of the same text, as durable. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock as clock } from '../../src/base/clock.ts';
import type { Report } from '../../src/report/report.ts';
import { Spool } from '../../src/sink/spool/spool.ts';
import { openState } from '../../src/state/open-state.ts';
import { type Figure, figureOf, inRate } from './figure.ts';
import { sampleReport, withId } from './sample.ts';
import type { Stage } from './stage.ts';

const perBatch = 50;

export async function measureSpool(stage: Stage): Promise<readonly Figure[]> {
  const report = await sampleReport(stage);
  const count = stage.quick ? 100 : 300;
  const state = openState({ directory: join(stage.directory, 'spool'), exclusive: true, clock });
  const spool = new Spool({ state, clock, receivers: ['home'] });
  const bare = openBare(join(stage.directory, 'bare.db'));
  const writes: (readonly [number, number])[] = [];
  const drains: (readonly [number, number])[] = [];
  for (let round = 0; round <= (stage.quick ? 3 : 9); round += 1) {
    const reports = Array.from({ length: count }, (_, at) => withId(report, round * count + at));
    const add = (each: Report): void => {
      if (spool.add(each).outcome !== 'kept') throw new Error('the disk does not take it');
    };
    writes.push([
      rate(count, () => reports.forEach(add)),
      rate(count, () => reports.forEach(bare.insert)),
    ]);
    drains.push([rate(count, () => drain(spool)), rate(count, bare.drain)]);
  }
  state.close();
  bare.close();
  return [
    figureOf('spool, a commit for each report', 'bare INSERT', writes.slice(1), inRate),
    figureOf(`spool, drained by ${perBatch}`, 'bare SELECT, DELETE', drains.slice(1), inRate),
  ];
}

function rate(count: number, work: () => void): number {
  const began = performance.now();
  work();
  return (count * 1_000) / (performance.now() - began);
}

function drain(spool: Spool): void {
  const cursor = spool.cursor('home');
  for (;;) {
    const batch = cursor.nextBatch({ maxCount: perBatch, maxBytes: 16 * 1024 * 1024 });
    if (batch.length === 0) return;
    cursor.acknowledge(batch.map(({ id }) => id));
  }
}

function openBare(path: string) {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE report (seq INTEGER PRIMARY KEY, value TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO report (value) VALUES (?)');
  const select = db.prepare('SELECT seq, value FROM report ORDER BY seq LIMIT ?');
  const remove = db.prepare('DELETE FROM report WHERE seq <= ?');
  return {
    insert: (report: Report) => void insert.run(JSON.stringify(report)),
    drain: (): void => {
      for (;;) {
        const last = select.all(perBatch).at(-1);
        if (!last) return;
        remove.run(Number(last['seq']));
      }
    },
    close: () => db.close(),
  };
}
