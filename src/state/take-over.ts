/** Brings into a new database what is known of a damaged one, and what can still be read of it; what waited there and cannot be is counted as lost. */
import { DatabaseSync } from 'node:sqlite';
import { type Known, knownOf, knownOfDamaged, nothingKnown } from './known.ts';
import { transaction } from './open-database.ts';
import { keepSequence, lastSequence } from './sequence.ts';

export interface TakenOver {
  /** Reports that wait as before. */
  readonly saved: number;
  /** Reports that the receiver will never get that lost most. */
  readonly lost: number;
}

/** `db` is new and empty, and stays so when this throws. `known`: what is noted beside the database; `damaged`: its path, where there is a file. */
export function takeOver(db: DatabaseSync, known: Known | undefined, damaged?: string): TakenOver {
  const source = damaged === undefined ? undefined : openDamaged(damaged);
  try {
    const before = known ?? (source ? knownOfDamaged(source) : nothingKnown);
    return transaction(db, () => {
      keepKnown(db, before);
      if (source) for (const table of kept) copyTable(source, db, table, 'IGNORE');
      const saved = source ? copyReports(source, db, before) : new Map<number, Receivers>();
      return { saved: saved.size, lost: countLost(db, before, saved) };
    });
  } finally {
    source?.close();
  }
}

/** Brings to disk what was learned while there was memory alone. Throws what the disk says. */
export function carryOver(memory: DatabaseSync, db: DatabaseSync): void {
  transaction(db, () => {
    for (const [name, value] of Object.entries(knownOf(memory).facts)) {
      // Whoever the directory knows already is known to others under that name.
      const otherwise = name === 'agent-id' ? 'IGNORE' : 'REPLACE';
      db.prepare(`INSERT OR ${otherwise} INTO fact (name, value) VALUES (?, ?)`).run(name, value);
    }
    for (const table of learned) copyTable(memory, db, table, 'REPLACE');
  });
}

type Receivers = ReadonlySet<string>;

/** Undefined when nothing at all can be read of it. */
function openDamaged(path: string): DatabaseSync | undefined {
  try {
    // What its log holds counts too, and cannot be read without writing beside it.
    const db = new DatabaseSync(path, { defensive: false });
    try {
      // The second: as for repairs, so that a file that is shorter than its first page says is read as far as it goes.
      db.exec('PRAGMA query_only = ON; PRAGMA writable_schema = ON');
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return db;
    } catch {
      db.close();
      return undefined;
    }
  } catch {
    return undefined;
  }
}

function keepKnown(db: DatabaseSync, { facts, sequence, losses }: Known): void {
  const keepFact = db.prepare('INSERT INTO fact (name, value) VALUES (?, ?)');
  for (const [name, value] of Object.entries(facts)) keepFact.run(name, value);
  const keepLoss = db.prepare('INSERT INTO loss (home, reason, reports) VALUES (?, ?, ?)');
  for (const loss of losses) keepLoss.run(...loss);
  keepSequence(db, sequence);
}

/** With the columns in which their rows are found from both ends. */
const learned = [
  { name: 'baseline', columns: 'target, written_ms, value', order: 'target' },
  { name: 'warned', columns: 'target, written_ms, value', order: 'target' },
] as const;
const kept = [
  ...learned,
  {
    name: 'rejected',
    columns: 'sequence, home, id, time, rejected_ms, reason, size_bytes, body',
    order: 'sequence',
  },
] as const;

function copyTable(
  source: DatabaseSync,
  db: DatabaseSync,
  { name, columns, order }: (typeof kept)[number],
  otherwise: 'IGNORE' | 'REPLACE',
): void {
  const values = columns.replaceAll(/\w+/g, '?');
  const insert = db.prepare(`INSERT OR ${otherwise} INTO ${name} (${columns}) VALUES (${values})`);
  const rows = fromBothEnds(source, `SELECT ${columns} FROM ${name} ORDER BY ${order}`);
  for (const row of rows) fits(() => insert.run(...Object.values(row)));
}

/** Every report that is whole and for which the list of those who wait can be read, with those. */
function copyReports(
  source: DatabaseSync,
  db: DatabaseSync,
  known: Known,
): ReadonlyMap<number, Receivers> {
  const saved = new Map<number, Receivers>();
  const insert = db.prepare(
    'INSERT INTO report (sequence, id, time, added_ms, size_bytes, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const expect = db.prepare('INSERT INTO delivery (home, sequence) VALUES (?, ?)');
  for (const [sequence, receivers] of expectedIn(source, known)) {
    const report = wholeReport(source, sequence);
    if (!report || !fits(() => insert.run(...report))) continue;
    for (const receiver of receivers) expect.run(receiver, sequence);
    saved.set(sequence, receivers);
  }
  keepSequence(db, Math.max(lastSequence(db), ...saved.keys()));
  return saved;
}

/** Who waits for which report. The table and its index hold the same: what one cannot give, the other may. */
function expectedIn(source: DatabaseSync, { waiting }: Known): ReadonlyMap<number, Receivers> {
  const found = new Map<number, Set<string>>();
  const rows = [
    ...fromBothEnds(source, 'SELECT home, sequence FROM delivery ORDER BY home, sequence'),
    ...fromBothEnds(
      source,
      'SELECT home, sequence FROM delivery INDEXED BY delivery_report ORDER BY sequence',
    ),
  ];
  for (const { home, sequence } of rows) {
    // What a page of garbage says is nobody's name.
    if (!Object.hasOwn(waiting, String(home))) continue;
    const receivers = found.get(Number(sequence)) ?? new Set();
    found.set(Number(sequence), receivers.add(String(home)));
  }
  return found;
}

type Row = Readonly<Record<string, null | number | bigint | string | NodeJS.NonSharedUint8Array>>;

/** Rows from the first to the damage, and from the last to it. */
function* fromBothEnds(source: DatabaseSync, select: string): Generator<Row> {
  for (const way of [select, select.replaceAll(/(?<=ORDER BY .*)\w+(?=,|$)/g, '$& DESC')]) {
    try {
      yield* source.prepare(way).iterate() as Iterable<Row>;
    } catch {
      // That far and no further.
    }
  }
}

/** Its columns; undefined where it is on a page that is damaged, or garbage. */
function wholeReport(source: DatabaseSync, sequence: number): readonly Row[string][] | undefined {
  try {
    const row: Row = source.prepare('SELECT * FROM report WHERE sequence = ?').get(sequence) ?? {};
    const { id = null, time = null, added_ms: addedMs = null, size_bytes: sizeBytes, body } = row;
    if (typeof body !== 'string' || Buffer.byteLength(body) !== sizeBytes) return undefined;
    if ((JSON.parse(body) as { readonly id?: unknown } | null)?.id !== id) return undefined;
    return [sequence, id, time, addedMs, sizeBytes, body];
  } catch {
    return undefined;
  }
}

/** A page of garbage may read as rows that fit nowhere: SQLITE_CONSTRAINT, SQLITE_MISMATCH. Throws what else the new database throws. */
function fits(insert: () => unknown): boolean {
  try {
    insert();
    return true;
  } catch (error) {
    const { errcode = 0 } = error as { errcode?: number };
    if ([19, 20].includes(errcode & 0xff)) return false;
    throw error;
  }
}

function countLost(
  db: DatabaseSync,
  { waiting }: Known,
  saved: ReadonlyMap<number, Receivers>,
): number {
  const lose = db.prepare(
    `INSERT INTO loss (home, reason, reports) VALUES (?, 'storage', ?)
    ON CONFLICT (home, reason) DO UPDATE SET reports = reports + excluded.reports`,
  );
  const receivers = [...saved.values()];
  const counts = Object.entries(waiting).map(([receiver, expected]) => {
    const lost = expected - receivers.filter((each) => each.has(receiver)).length;
    if (lost > 0) lose.run(receiver, lost);
    return lost;
  });
  return Math.max(0, ...counts);
}
