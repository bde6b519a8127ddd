/**
 * The schema of home's database, `home.db`, as the steps that lead to it; docs/home.md tells it to those who
 * query it. It may be read by other programs while home runs (SQLite, WAL); it is written by home alone.
 *
 * event     what was received, once for each `delegate` and `id`.
 *   arrival        the order of arrival, from 1, never used again
 *   source, id     the CloudEvents attributes
 *   delegate       whose report it is: `source`, or `<sender> <source>` where somebody else brought that source first
 *   time_ms        the event's `time`, milliseconds since 1970; the time of arrival where it had none
 *   received_ms    when it arrived, by home's clock
 *   sender         who brought it: the name in the token file, `certificate:<sha256>`, or `anonymous`
 *   delegate_name, account, host, target, outcome, layer, cause, event, sequence
 *                  what the report says of itself, see `report-facts.ts`; null where it does not
 *   octets         length of `report`
 *   report         the event's `data`, JSON
 * source    whose a source is: who brought it first.
 *   owner          the identity of that sender, see `sender.ts`
 * incident  every incident as it was told last, the latest ten thousand.
 *   state          `open` or `closed`
 *   cause          the code of the leading cause
 *   closed_ms      null while it is open
 *   incident       JSON, see `incidents/incident.ts`
 * home      what tells this home from others, made at the first start.
 * notice    what receivers of notifications have yet to get, 72 hours and 10,000 at most.
 *   sequence       the order of delivery, never used again
 *   record         JSON, see `incident-record.ts`
 * notice_receiver  who gets them; gone when it is configured no longer, or answered 410.
 *   receiver       SHA-256 of its format and URL, for the URL of a chat is a secret
 *   done           the last notice that it got, or never will
 * rejected  what could not be taken, the latest thousand, of one sender the latest hundred, each with its reason.
 *   reason         a code of `read-event.ts`
 *   excerpt        the first 4,096 characters of the event as JSON, or of the body; null when there are none
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
  `
  CREATE TABLE source (
    source TEXT PRIMARY KEY, owner TEXT NOT NULL, first_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO source SELECT source, sender, received_ms FROM event WHERE arrival IN (
    SELECT min(arrival) FROM event GROUP BY source
  );
  CREATE TABLE new_event (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, id TEXT NOT NULL, delegate TEXT NOT NULL,
    time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, sender TEXT NOT NULL,
    delegate_name TEXT, account TEXT, host TEXT, target TEXT, outcome TEXT, layer TEXT, cause TEXT, event TEXT,
    sequence INTEGER, octets INTEGER NOT NULL, report TEXT NOT NULL
  ) STRICT;
  INSERT INTO new_event SELECT arrival, source, id, source, time_ms, received_ms, sender,
    report ->> '$.agent.delegate.name', report ->> '$.agent.delegate.account', report ->> '$.agent.host',
    report ->> '$.target.url', report ->> '$.outcome', report ->> '$.layer', report ->> '$.cause.code',
    report ->> '$.event', NULL, length(report), report FROM event ORDER BY arrival;
  DROP TABLE event;
  ALTER TABLE new_event RENAME TO event;
  CREATE UNIQUE INDEX event_id ON event (id, delegate);
  CREATE INDEX event_time ON event (time_ms, arrival);
  CREATE INDEX event_delegate ON event (delegate, arrival);
  `,
  `
  CREATE TABLE incident (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, cause TEXT NOT NULL,
    opened_ms INTEGER NOT NULL, closed_ms INTEGER, incident TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX incident_opened ON incident (opened_ms);
  `,
  `
  CREATE TABLE home (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE notice (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE notice_receiver (receiver TEXT PRIMARY KEY, done INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  'CREATE INDEX rejected_sender ON rejected (sender, arrival);',
];

export const homeFileName = 'home.db';
