/** Events of home in every format: what the schemas ask, and that no peer's text leaves its place. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { eventFormatNames } from '../../src/format/formats.ts';
import { formatIncident } from '../../src/format/incident/formats.ts';
import { incidentEventCodes, incidentEvents } from '../../src/report/incident-event.ts';
import type { IncidentRecord } from '../../src/report/incident-record.ts';
import { opened } from '../home/notify/incident-events.ts';
import { recordOf, records } from '../home/notify/records.ts';
import { parseCef, parseLeef, parseSyslog, repeatedKeys } from './support/parse-lines.ts';
import { fitsType, leavesOf } from './support/written-fields.ts';

test('there is a record of every event, and no code is too long for a syslog MSGID', () => {
  expect(records.map(({ event }) => event)).toEqual(incidentEventCodes);
  expect(incidentEventCodes.filter((code) => code.length > 32)).toEqual([]);
});

/** Of `event.type`, by category: what ECS 9.4.0 expects. */
const expectedTypes: Readonly<Record<string, readonly string[]>> = {
  network: ['access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'],
  host: ['access', 'change', 'end', 'info', 'start'],
};

test.for(records)('$event in ECS has its category, kind and rule', (record) => {
  const text = formatIncident(record, 'ecs');
  const document = JSON.parse(text);
  const [category] = document.event.category;
  expect(expectedTypes[category]).toEqual(expect.arrayContaining(document.event.type));
  const { kind } = incidentEvents[record.event];
  expect(document.event).toMatchObject({ kind, code: record.event, id: record.id });
  expect(document.rule !== undefined).toBe(kind === 'alert');
  expect(repeatedKeys(text)).toEqual([]);
});

test.for([
  ['incident-opened', 1, 1, 'i-1'],
  ['incident-updated', 2, 2, 'i-1'],
  ['incident-closed', 3, 4, 'i-1'],
  ['delegate-silent', 1, 1, 'urn:sidelight:agent:7'],
  ['delegate-back', 3, 4, 'urn:sidelight:agent:7'],
  ['reports-missing', 1, 1, 'urn:sidelight:agent:7'],
] as const)(
  '%s in OCSF is a finding with the activity %s, the status %s and the uid %s',
  ([code, activity, status, uid]) => {
    const record = records.find(({ event }) => event === code) as IncidentRecord;
    expect(JSON.parse(formatIncident(record, 'ocsf'))).toMatchObject({
      class_uid: 2004,
      activity_id: activity,
      type_uid: 200_400 + activity,
      status_id: status,
      finding_info: { uid },
      metadata: { version: '1.8.0', uid: record.id, event_code: code },
    });
  },
);

test('CEF, LEEF and syslog name the incident, how many, and who must act', () => {
  const [record] = records as [IncidentRecord];
  const cef = parseCef(formatIncident(record, 'cef').trimEnd()).fields;
  expect(Object.fromEntries(cef)).toMatchObject({
    cs6: 'i-1',
    cnt: '40',
    cn2: '100',
    cs3: 'gateway',
  });
  const leef = parseLeef(formatIncident(record, 'leef').trimEnd()).fields;
  const counts = { incident: 'i-1', affected: '40', known: '100', side: 'gateway' };
  expect(Object.fromEntries(leef)).toMatchObject(counts);
  const syslog = formatIncident(record, 'syslog', 'text').trimEnd();
  const parameters = [...parseSyslog(syslog).fields].map(([name, value]) => [
    name.replace(/^sidelight@32473\./, ''),
    value,
  ]);
  expect(Object.fromEntries(parameters)).toMatchObject(counts);
});

test('a field that the agent writes too has one type in ECS, for both may stand in one index', () => {
  const released = new Map(
    readFileSync(resolve(import.meta.dirname, '../golden/fields/ecs.txt'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.replace(/ .*/, ''), line.replace(/^\S+ /, '')]),
  );
  const leaves = records.flatMap((record) =>
    leavesOf('', JSON.parse(formatIncident(record, 'ecs'))),
  );
  const shared = leaves.filter(([name]) => released.has(name));
  expect(shared.length).toBeGreaterThan(50);
  const wrong = shared.filter(([name, value]) => !fitsType(released.get(name) ?? '', [value]));
  expect(wrong).toEqual([]);
});

const hostile = 'a|b=c\\d"]e\tf\ng\u001b\u2028\u202e';

test.for(eventFormatNames)(
  '%s is one line without a raw control character, whatever a peer says',
  (name) => {
    const record = recordOf(
      opened({
        title: hostile,
        target: hostile,
        scope: { kind: 'account', account: hostile },
        sample: [{ source: hostile, name: hostile, host: hostile }],
        changed: [{ what: hostile, before: hostile, now: [hostile] }],
      }),
    );
    const text = formatIncident(record, name).slice(0, -1);
    expect(text.replaceAll('\t', name === 'leef' ? '' : '\t')).not.toMatch(
      /[\p{Cc}\p{Zl}\p{Zp}\u202e]/u,
    );
    if (name === 'leef') expect(Object.fromEntries(parseLeef(text).fields)).toHaveProperty('since');
    if (name === 'cef')
      expect(Object.fromEntries(parseCef(text).fields)).toMatchObject({ cnt: '40' });
    if (name === 'syslog') expect(() => parseSyslog(text)).not.toThrow();
  },
);
