/** The schema of `sidelight.db`, as the steps that lead to it. */

/**
 * fact      the agent's id, made once; where its event log is; when each home last took something.
 * baseline  the last accepted evidence of each target, JSON.
 * report    reports on their way home; `sequence` is the order in which they happened, `body` the JSON document.
 * delivery  one row for each home that a report still waits for; a report without rows is done and is deleted.
 * rejected  what a home refused for good, with its reason; `body` is null where it was too large to keep.
 * warned    which warnings about a target were told as news, a JSON list of keys.
 * loss      how many reports each home will never get, by reason, since the file was made.
 */
export const stateMigrations: readonly string[] = [
  `
  CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE baseline (
    target TEXT PRIMARY KEY, written_ms INTEGER NOT NULL, value TEXT NOT NULL
  ) STRICT;
  CREATE TABLE report (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, time TEXT NOT NULL,
    added_ms INTEGER NOT NULL, size_bytes INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX report_age ON report (added_ms, size_bytes);
  CREATE TABLE delivery (
    home TEXT NOT NULL, sequence INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
    PRIMARY KEY (home, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_report ON delivery (sequence);
  CREATE TABLE rejected (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, home TEXT NOT NULL, id TEXT NOT NULL, time TEXT NOT NULL,
    rejected_ms INTEGER NOT NULL, reason TEXT NOT NULL, size_bytes INTEGER NOT NULL, body TEXT
  ) STRICT;
  CREATE TABLE loss (
    home TEXT NOT NULL, reason TEXT NOT NULL, reports INTEGER NOT NULL, PRIMARY KEY (home, reason)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE warned (
    target TEXT PRIMARY KEY, written_ms INTEGER NOT NULL, value TEXT NOT NULL
  ) STRICT;
  `,
];
