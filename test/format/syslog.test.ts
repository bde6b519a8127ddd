/** What RFC 5424, CEF and LEEF ask of a line, beside that it can be read back. */
import { expect, test } from 'vitest';
import { cef } from '../../src/format/cef.ts';
import { leef } from '../../src/format/leef.ts';
import { syslog } from '../../src/format/syslog.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { parseCef, parseLeef, parseSyslog } from './support/parse-lines.ts';

const options = { colour: false, verbose: false };
const syslogOf = (report: Report) => parseSyslog(syslog(report, options).trimEnd());

test.for([
  ['accepted', 134],
  ['recovered', 133],
  ['client-ca-changed', 132],
  ['not-configured', 131],
] as const)('%s has the priority %i: local0 and its severity', ([name, priority]) => {
  expect(syslogOf(corpus[name]!).header[0]).toBe(`<${priority}>1`);
});

test('the header is time, host, application, run and event', () => {
  expect(syslogOf(corpus['not-configured']!).header.slice(1)).toEqual([
    '2026-11-23T14:00:00.000Z',
    'delegate-7f9c',
    'sidelight',
    '019ab1c2-0000-7000-8000-000000000000',
    'target-rejected',
  ]);
});

test('a host that no header takes is made to fit', () => {
  const report = corpus['accepted']!;
  const hostOf = (host: string) =>
    syslogOf({ ...report, agent: { ...report.agent, host } }).header[2];
  expect(hostOf('a b\u00e9c')).toBe('a?b?c');
  expect(hostOf('')).toBe('-');
  expect(hostOf('x'.repeat(300))).toBe('x'.repeat(255));
});

test('a time that is none is the first there is, and the line stays a line of RFC 5424', () => {
  expect(syslogOf({ ...corpus['accepted']!, time: 'yesterday' }).header[1]).toBe(
    '1970-01-01T00:00:00.000Z',
  );
});

test('structured data says enough for a receiver that does not read the message', () => {
  expect(Object.fromEntries(syslogOf(corpus['not-configured']!).fields)).toMatchObject({
    'origin.software': 'sidelight',
    'sidelight@32473.event': 'target-rejected',
    'sidelight@32473.outcome': 'rejected',
    'sidelight@32473.cause': 'client-certificate-not-configured',
    'sidelight@32473.side': 'delegate',
    'sidelight@32473.alert': '116',
  });
});

test('CEF names an IPv4 address dst, an IPv6 address c6a3, a name dhost', () => {
  const named = parseCef(cef(corpus['accepted']!).trimEnd()).fields;
  expect([named.get('dhost'), named.get('dst'), named.get('c6a3')]).toEqual([
    'gateway.example',
    '192.0.2.7',
    undefined,
  ]);
  const addressed = parseCef(cef(corpus['at-an-address']!).trimEnd()).fields;
  expect([addressed.get('dhost'), addressed.get('dst'), addressed.get('c6a3')]).toEqual([
    undefined,
    undefined,
    '2001:db8::7',
  ]);
});

test('the header of CEF has its seven fields, the severity from 0 to 10', () => {
  expect(parseCef(cef(corpus['not-configured']!).trimEnd()).header).toEqual([
    'CEF:0',
    'Sidelight',
    'Sidelight',
    '0.1.0',
    'target-rejected',
    'The gateway refused this delegate',
    '8',
  ]);
});

test.for(Object.entries(corpus))('every custom key of CEF in %s has its label', ([, report]) => {
  const { fields } = parseCef(cef(report).trimEnd());
  const custom = [...fields.keys()].filter((name) =>
    /^(?:cs|cn|c6a|flexString|flexDate|deviceCustomDate)\d$/.test(name),
  );
  expect(custom.filter((name) => !fields.has(`${name}Label`))).toEqual([]);
});

test('LEEF names its delimiter, the event and the severity', () => {
  const { header, fields } = parseLeef(leef(corpus['not-configured']!).trimEnd());
  expect(header).toEqual(['LEEF:2.0', 'Sidelight', 'Sidelight', '0.1.0', 'target-rejected']);
  expect([fields.get('sev'), fields.get('alertNumber')]).toEqual(['8', '116']);
});
