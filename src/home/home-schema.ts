/**
 * The schema of home's database, `home.db`, as the steps that lead to it. It may be read by other programs
 * while home runs (SQLite, WAL); it is written by home alone.
 *
 * event     what was received, once for each `source` and `id`.
 *   arrival      the order of arrival, from 1, never used again
 *   source, id   the CloudEvents attributes; together unique
 *   time_ms      the event's `time`, milliseconds since 1970; the time of arrival where it had none
 *   received_ms  when it arrived, by home's clock
 *   sender       who brought it: the token's name, `certificate:<sha256>`, or `anonymous`
 *   report       the event's `data`, JSON
 * rejected  what could not be taken, the latest thousand, each with its reason.
 *   reason       a code of `read-event.ts`
 *   excerpt      the first 4,096 characters of the event as JSON; null when it could not be written as JSON
 */
export const homeMigrations: readonly string[] = [
  `
  CREATE TABLE event (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, id TEXT NOT NULL,
    time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, sender TEXT NOT NULL, report TEXT NOT NULL,
    UNIQUE (source, id)
  ) STRICT;
  CREATE INDEX event_time ON event (time_ms, arrival);
  CREATE TABLE rejected (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, received_ms INTEGER NOT NULL, sender TEXT NOT NULL,
    reason TEXT NOT NULL, excerpt TEXT
  ) STRICT;
  `,
];

export const homeFileName = 'home.db';
