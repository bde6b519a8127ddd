/** What ECS 9.4.0 asks of a document, beside the names and types of its fields. */
import { expect, test } from 'vitest';
import { ecs } from '../../src/format/ecs.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { repeatedKeys } from './support/parse-lines.ts';
import { leavesOf, manyReports } from './support/written-fields.ts';

interface Document {
  readonly event: {
    readonly kind: string;
    readonly category: readonly string[];
    readonly type: readonly string[];
    readonly outcome: string;
    readonly code: string;
    readonly action: string;
    readonly duration: number;
  };
  readonly [name: string]: unknown;
}

const documentOf = (report: Report): Document => JSON.parse(ecs(report));
const documents = manyReports.map((report) => ({ report, document: documentOf(report) }));

test('no field set is outside the schema but our own', () => {
  const known = [
    ...['@timestamp', 'agent', 'destination', 'dns', 'ecs', 'error', 'event', 'file', 'host'],
    ...['http', 'log', 'message', 'network', 'related', 'rule', 'service', 'tls', 'url'],
  ];
  const written = new Set(documents.flatMap(({ document }) => Object.keys(document)));
  expect([...written].toSorted()).toEqual([...known, 'sidelight'].toSorted());
});

test('no key is dotted, and none stands twice', () => {
  for (const { report, document } of documents) {
    expect(Object.keys(document).filter((name) => name.includes('.'))).toEqual([]);
    expect(repeatedKeys(ecs(report))).toEqual([]);
  }
});

test.for([
  ['accepted', ['network'], ['connection', 'protocol', 'allowed'], 'success'],
  ['not-configured', ['network'], ['connection', 'protocol', 'denied'], 'failure'],
  ['client-ca-changed', ['network'], ['connection', 'protocol', 'denied'], 'failure'],
  ['name-not-found', ['network'], ['connection'], 'failure'],
  ['refused-at-hello', ['network'], ['connection'], 'failure'],
  ['unconfirmed', ['network'], ['connection'], 'unknown'],
  ['file-missing', ['configuration'], ['info'], 'failure'],
  ['heartbeat', ['network'], ['connection', 'protocol', 'allowed'], 'success'],
] as const)(
  '%s has the category %s, the type %s and the outcome %s',
  ([name, category, type, outcome]) => {
    expect(documentOf(corpus[name]!).event).toMatchObject({ category, type, outcome });
  },
);

test.for([
  ['accepted', 'event'],
  ['heartbeat', 'state'],
  ['client-ca-changed', 'state'],
  ['certificate-expiring', 'alert'],
  ['server-certificate-renewed', 'alert'],
] as const)('%s is of the kind %s, and names a rule when it is an alert', ([name, kind]) => {
  const document = documentOf(corpus[name]!);
  expect(document.event.kind).toBe(kind);
  expect(document['rule'] !== undefined).toBe(kind === 'alert');
});

test('code and action are the name of the event', () => {
  for (const { document } of documents) expect(document.event.action).toBe(document.event.code);
});

test('a duration is in nanoseconds', () => {
  // 1.25, 2.25, 4.25 and 5.25 ms
  expect(documentOf(corpus['accepted']!).event.duration).toBe(13_000_000);
});

test('hashes and serial numbers are upper hex without colons', () => {
  for (const { document } of documents) {
    for (const [name, value] of leavesOf('', document)) {
      if (!/sha256$|serial_number$|^related\.hash$/.test(name)) continue;
      for (const text of [value].flat())
        expect([name, text]).toEqual([name, expect.stringMatching(/^-?[0-9A-F]+$/)]);
    }
  }
});

test('the client certificate stands under tls.client only when the gateway got it to see', () => {
  const sent = leavesOf('', documentOf(corpus['accepted']!));
  const unsent = leavesOf('', documentOf(corpus['not-configured']!));
  const subject = (leaves: typeof sent): boolean =>
    leaves.some(([name]) => name === 'tls.client.subject');
  expect([subject(sent), subject(unsent)]).toEqual([true, false]);
});

test('behind a proxy the address that was dialled is not taken for the gateway', () => {
  const { target } = corpus['accepted']!;
  const proxied = {
    ...corpus['accepted']!,
    target: { ...target, proxy: 'http://proxy.example:3128' },
  };
  expect(documentOf(proxied)['destination']).toEqual({
    address: 'gateway.example',
    domain: 'gateway.example',
    port: 8443,
  });
});

test('no URL shows userinfo, query or fragment, also of a report that was not ours', () => {
  const report = corpus['accepted']!;
  const url = 'https://user:canary@gateway.example:8443/?canary#canary';
  const target = { ...report.target, url, proxy: 'http://user:canary@proxy.example:3128' };
  expect(ecs({ ...report, target })).not.toContain('canary');
});
