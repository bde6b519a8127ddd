/** What each kind of receiver gets to read, and that nobody's name is an order to it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { alertLastsMs, alertsBody } from '../../../src/home/notify/bodies/alertmanager.ts';
import { slackBody, teamsBody } from '../../../src/home/notify/bodies/chat.ts';
import { cloudEventBody } from '../../../src/home/notify/bodies/cloud-event.ts';
import { incidentSchema } from '../../../src/report/incident-schema.ts';
import { closed, noon, opened, silent, updated } from './incident-events.ts';
import { recordOf, records } from './records.ts';

const validate = new Ajv2020({ strict: true }).compile(incidentSchema);

test.for(records)('$event is what the schema says', (record) => {
  expect(validate(record)).toBe(true);
  expect(validate({ ...record, more: 1 })).toBe(false);
});

test.for([
  [records[0]!, 'io.sidelight.incident.opened.v1', 'i-1'],
  [records[1]!, 'io.sidelight.incident.updated.v1', 'i-1'],
  [records[2]!, 'io.sidelight.incident.closed.v1', 'i-1'],
  [records[3]!, 'io.sidelight.delegate.silent.v1', 'urn:sidelight:agent:7'],
  [records[4]!, 'io.sidelight.delegate.back.v1', 'urn:sidelight:agent:7'],
  [records[5]!, 'io.sidelight.reports.missing.v1', 'urn:sidelight:agent:7'],
] as const)('%$: a CloudEvent has its type and its subject', ([record, type, subject]) => {
  expect(JSON.parse(cloudEventBody(record, 12))).toMatchObject({
    specversion: '1.0',
    id: record.id,
    type,
    subject,
    sequence: '12',
    dataschema: 'urn:sidelight:incident:1',
    data: record,
  });
});

test('of many that fall silent it is said when they were heard last, and nothing of acceptance', () => {
  const { message } = recordOf(opened({ kind: 'silence', target: '*' }));
  expect(message).toContain(' Last heard 2025-08-26 11:59:50 UTC. ');
  expect(message).not.toContain('accepted 2025');
});

test.for([
  [['evil'], 'One sender brought all of it: evil.'],
  [['evil', 'paris'], 'Two senders brought all of it: evil, paris.'],
] as const)(
  'of an incident that nobody else bears out it is said who brought it: %j',
  ([broughtBy, words]) => {
    const record = recordOf(opened({ broughtBy }));
    expect(record.message).toContain(` ${words} `);
    expect(validate(record)).toBe(true);
  },
);

test('a message can be read aloud: what, where, how many, since when, who must act', () => {
  expect(records.map(({ message }) => message)).toEqual([
    'Incident: The gateway changed the client CA that it accepts, at https://gateway.example:8443/. 40 of 100 delegates. Alert 48 (unknown_ca) received. Since 2025-08-26 11:59:50 UTC; last accepted 2025-08-26 11:59:00 UTC. The gateway must act (certain).',
    'Incident goes on: The gateway changed the client CA that it accepts, at https://gateway.example:8443/. 80 of 100 delegates. Alert 48 (unknown_ca) received. Since 2025-08-26 11:59:50 UTC; last accepted 2025-08-26 11:59:00 UTC. The gateway must act (certain).',
    'Incident over: The gateway changed the client CA that it accepts, at https://gateway.example:8443/. At most 40 of 100 delegates. Alert 48 (unknown_ca) received. From 2025-08-26 11:59:50 UTC, for 80 min; they are accepted again. The gateway must act (certain).',
    'delegate-7 (account acme) no longer reports, last heard 2025-08-26 11:45:00 UTC; it used to every 5 min.',
    'delegate-7 (account acme) reports again, after 20 min.',
    'Reports of delegate-7 (account acme) never arrived: 5 of those numbered 3 to 9.',
  ]);
});

test('Alertmanager is told to keep an incident for a while, and when it ended', () => {
  const [open] = JSON.parse(alertsBody([recordOf(opened())], noon) ?? '');
  expect(open).toMatchObject({
    labels: {
      alertname: 'SidelightIncident',
      target: 'https://gateway.example:8443/',
      cause: 'gateway-client-ca-changed',
      side: 'gateway',
      severity: 'critical',
    },
    startsAt: '2025-08-26T11:59:50.000Z',
    endsAt: new Date(noon + alertLastsMs).toISOString(),
    generatorURL: 'https://home.example/ui/incident?id=i-1',
  });
  const [over] = JSON.parse(alertsBody([recordOf(closed())], noon) ?? '');
  expect(over).toMatchObject({ labels: open.labels, startsAt: open.startsAt });
  expect(over.endsAt).toBe('2025-08-26T13:20:00.000Z');
  expect(alertsBody([recordOf(silent)], noon)).toBeUndefined();
});

test.for([
  ['a start after its end', 8.64e15],
  ['a start before all calendars', -8.64e15],
] as const)('%s is none that Alertmanager would refuse', ([, firstMs]) => {
  const [alert] = JSON.parse(alertsBody([recordOf(closed({ firstMs }))], noon) ?? '');
  expect(alert.startsAt).toMatch(/^2025-/);
  expect(alert.startsAt <= alert.endsAt).toBe(true);
});

test('a chat is told of the beginning, the growth and the end, and of no single delegate', () => {
  const told = [
    ...[opened(), updated('grew'), updated('still'), updated('cause'), closed(), silent],
  ].map((event) => slackBody(recordOf(event)) !== undefined);
  expect(told).toEqual([true, true, false, true, true, false]);
});

const hostile = '<!channel> @here [click](http://evil.example) &amp; `x` *b* <at>all</at>';
const hostileRecord = recordOf(
  opened({
    title: hostile,
    target: `https://gateway.example/ ${hostile}`,
    scope: { kind: 'account', account: hostile },
  }),
);

test('in Slack and Mattermost a name calls nobody, links nothing and formats nothing', () => {
  const body = JSON.parse(slackBody(hostileRecord) ?? '');
  const [text] = body.text.split('\n');
  expect(text).not.toMatch(/[<>@[\]`*|]/);
  expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
  expect(body).toMatchObject({ mrkdwn: false, unfurl_links: false, unfurl_media: false });
});

test('in Teams a name calls nobody and links nothing, and the card has one link: to home', () => {
  const [{ contentType, content }] = JSON.parse(teamsBody(hostileRecord) ?? '').attachments;
  expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(content.body).toHaveLength(1);
  expect(content.body[0].text).not.toMatch(/[@[\]`*]/);
  expect(content).not.toHaveProperty('msteams');
  const url = 'https://home.example/ui/incident?id=i-1';
  expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open in Sidelight', url }]);
});

test('control characters, secrets and escapes of a peer reach no record', () => {
  const record = recordOf(
    opened({
      title: 'a\u001b[31m\u202eb\nc',
      target: 'https://user:hunter2@gateway.example/?token=hunter2',
      sample: [{ source: 's', name: 'x\u0000y', host: 'https://u:hunter2@h/' }],
    }),
  );
  const text = JSON.stringify(record);
  expect(text).not.toContain('hunter2');
  expect(text).not.toMatch(/\u202e|(?<!\\)\\(?:u00|n)/);
  expect(record.incident?.title).toBe('a\\u001b[31m\\u202eb\\u000ac');
});
