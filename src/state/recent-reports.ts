/** What the state database remembers of earlier looks: reports that wait or were refused, and the last accepted looks. */
import type { DatabaseSync } from 'node:sqlite';

export interface StoredBaseline {
  readonly writtenMs: number;
  /** A `Baseline` as JSON. */
  readonly value: string;
}

/** Reports as JSON, the newest first: those that wait for home, and those that home refused. */
export function recentReports(db: DatabaseSync, limit: number): readonly string[] {
  const select = db.prepare(
    'SELECT time, body FROM report UNION SELECT time, body FROM rejected WHERE body IS NOT NULL ORDER BY time DESC LIMIT ?',
  );
  return select.all(limit).map((row) => String(row['body']));
}

/** The newest first. */
export function recentBaselines(db: DatabaseSync, limit: number): readonly StoredBaseline[] {
  const select = db.prepare(
    'SELECT written_ms, value FROM baseline ORDER BY written_ms DESC LIMIT ?',
  );
  return select
    .all(limit)
    .map((row) => ({ writtenMs: Number(row['written_ms']), value: String(row['value']) }));
}
