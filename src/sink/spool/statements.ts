/** The spool's SQL, prepared once for each database; the tables are described in `state/state-schema.ts`. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

const sql = {
  insert:
    'INSERT OR IGNORE INTO report (sequence, id, time, added_ms, size_bytes, body) VALUES (?, ?, ?, ?, ?, ?)',
  has: 'SELECT sequence FROM report WHERE id = ?',
  expect: 'INSERT INTO delivery (home, sequence) VALUES (?, ?)',
  waiting:
    'SELECT r.* FROM delivery d JOIN report r USING (sequence) WHERE d.home = ? AND d.sequence <= ? ORDER BY d.sequence LIMIT ?',
  find: 'SELECT r.* FROM report r JOIN delivery d USING (sequence) WHERE r.id = ? AND d.home = ?',
  settle:
    'DELETE FROM delivery WHERE home = ? AND sequence = (SELECT sequence FROM report WHERE id = ?)',
  removeSettled:
    'DELETE FROM report WHERE id = ? AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.sequence = report.sequence)',
  total: 'SELECT count(*) AS reports, coalesce(sum(size_bytes), 0) AS bytes FROM report',
  oldest: 'SELECT min(added_ms) AS added_ms FROM report',
  old: 'SELECT sequence FROM report WHERE added_ms < ? ORDER BY added_ms',
  first: 'SELECT sequence, size_bytes FROM report ORDER BY sequence LIMIT 1',
  // Of reports that nobody waits for who is still configured.
  firstForsaken: `SELECT sequence, size_bytes FROM report r WHERE NOT EXISTS (
    SELECT 1 FROM delivery d WHERE d.sequence = r.sequence AND d.home IN (SELECT value FROM json_each(?))
    ) ORDER BY sequence LIMIT 1`,
  hasForsaken: 'SELECT 1 FROM delivery WHERE home NOT IN (SELECT value FROM json_each(?)) LIMIT 1',
  expecting: 'SELECT home FROM delivery WHERE sequence = ?',
  remove: 'DELETE FROM report WHERE sequence = ?',
  lose: 'INSERT INTO loss (home, reason, reports) VALUES (?, ?, ?) ON CONFLICT (home, reason) DO UPDATE SET reports = reports + excluded.reports',
  losses: 'SELECT reason, reports FROM loss WHERE home = ?',
  stats: `SELECT count(*) AS waiting, coalesce(sum(r.size_bytes), 0) AS bytes,
    (SELECT o.time FROM delivery w JOIN report o USING (sequence) WHERE w.home = d.home ORDER BY w.sequence LIMIT 1) AS oldest
    FROM delivery d JOIN report r USING (sequence) WHERE d.home = ?`,
  reject:
    'INSERT INTO rejected (home, id, time, rejected_ms, reason, size_bytes, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  pruneRejected:
    'DELETE FROM rejected WHERE sequence IN (SELECT sequence FROM rejected ORDER BY sequence DESC LIMIT -1 OFFSET ?)',
  fact: 'SELECT value FROM fact WHERE name = ?',
  keepFact:
    'INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
} as const;

export type Statements = Readonly<Record<keyof typeof sql, StatementSync>>;

export function prepareStatements(db: DatabaseSync): Statements {
  const prepared = Object.entries(sql).map(([name, text]) => [name, db.prepare(text)] as const);
  return Object.fromEntries(prepared) as Statements;
}
