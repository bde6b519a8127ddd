/** What OCSF 1.8.0 asks of Network Activity and Detection Finding, in its own numbers. */
import { expect, test } from 'vitest';
import { ocsf } from '../../src/format/ocsf.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { repeatedKeys } from './support/parse-lines.ts';
import { manyReports } from './support/written-fields.ts';

interface Document {
  readonly class_uid: number;
  readonly category_uid: number;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  readonly time: number;
  readonly metadata: {
    readonly version: string;
    readonly product: { readonly name: string };
    readonly event_code: string;
  };
  readonly finding_info?: { readonly uid: string };
  readonly evidences?: readonly object[];
  readonly src_endpoint?: object;
  readonly dst_endpoint?: object;
  readonly tls?: {
    readonly version: string;
    readonly alert?: number;
    readonly certificate?: { readonly issuer: string; readonly serial_number: string };
  };
  readonly unmapped: object;
}

const documentOf = (report: Report): Document => JSON.parse(ocsf(report));
const documents = manyReports.map(documentOf);

test('required attributes are there, and the numbers agree with each other', () => {
  for (const each of documents) {
    expect([4001, 2004]).toContain(each.class_uid);
    expect(each.category_uid).toBe(each.class_uid === 4001 ? 4 : 2);
    expect(each.type_uid).toBe(each.class_uid * 100 + each.activity_id);
    expect(each.severity_id).toBeGreaterThanOrEqual(0);
    expect(each.severity_id).toBeLessThanOrEqual(6);
    expect(Number.isSafeInteger(each.time)).toBe(true);
    expect(each.metadata).toMatchObject({ version: '1.8.0', product: { name: 'Sidelight' } });
    expect(typeof each.unmapped).toBe('object');
  }
});

test('network activity has an endpoint and a status; a finding its uid and evidence', () => {
  for (const each of documents) {
    if (each.class_uid === 4001) {
      expect([0, 1, 2, 3, 4, 5, 99]).toContain(each.activity_id);
      expect([0, 1, 2]).toContain(each.status_id);
      expect(Object.keys(each.dst_endpoint ?? {})).not.toEqual([]);
      expect(Object.keys(each.src_endpoint ?? {})).not.toEqual([]);
    } else {
      expect(each.activity_id).toBe(1);
      expect(each.finding_info?.uid).toBeTypeOf('string');
      expect(each.evidences).toHaveLength(1);
    }
  }
});

test('tls has its version, and a certificate its issuer and serial number', () => {
  const seen = documents.flatMap(({ tls }) => tls ?? []);
  expect(seen.length).toBeGreaterThan(100);
  for (const { version, certificate } of seen) {
    expect(version).toBeTypeOf('string');
    if (!certificate) continue;
    expect(certificate.issuer).toBeTypeOf('string');
    expect(certificate.serial_number).toMatch(/^-?[0-9A-F]+$/);
  }
});

test('without a negotiated version there is no tls', () => {
  expect(corpus['refused-at-hello']!.tls).toBeDefined();
  expect(documentOf(corpus['refused-at-hello']!)).not.toHaveProperty('tls');
});

test('a certificate that does not parse is left out, not half written', () => {
  const report = corpus['accepted']!;
  const tls = { ...report.tls!, serverCertificates: [{ sha256: 'd'.repeat(64) }] };
  expect(documentOf({ ...report, tls }).tls).not.toHaveProperty('certificate');
});

test.for([
  ['accepted', 4001, 1, 'Open', 1],
  ['not-configured', 4001, 5, 'Refuse', 2],
  ['name-not-found', 4001, 4, 'Fail', 2],
  ['file-missing', 4001, 4, 'Fail', 2],
  ['unconfirmed', 4001, 99, 'Unconfirmed', 0],
  ['heartbeat', 4001, 1, 'Open', 1],
  ['certificate-expiring', 2004, 1, 'Create', 1],
  ['authorities-changed', 2004, 1, 'Create', 1],
  ['reports-lost', 2004, 1, 'Create', 1],
] as const)('%s is class %i, activity %i %s, status %i', ([name, uid, id, activity, status]) => {
  expect(documentOf(corpus[name]!)).toMatchObject({
    class_uid: uid,
    activity_id: id,
    activity_name: activity,
    status_id: status,
  });
});

test('a reset of a look that failed is a reset', () => {
  const report = corpus['name-not-found']!;
  const steps = report.steps.map((step) =>
    step.name === 'dns' ? { ...step, error: { code: 'ECONNRESET' } } : step,
  );
  expect(documentOf({ ...report, steps }).activity_id).toBe(3);
});

test('the alert is its number', () => {
  expect(documentOf(corpus['not-configured']!).tls?.alert).toBe(116);
});

test('no key stands twice', () => {
  for (const report of manyReports) expect(repeatedKeys(ocsf(report))).toEqual([]);
});
