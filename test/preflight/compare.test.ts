/** Two stored reports, before a rotation and after it. */
import { expect, test } from 'vitest';
import { compareReports } from '../../src/preflight/compare.ts';
import type { Report } from '../../src/report/report.ts';
import { runMain, type Said } from '../cli/run-main.ts';
import { reportOn } from '../report/corpus.ts';
import { evidence, otherCa, refusedWith, serverCertificate, tlsSeen } from '../support/evidence.ts';
import { codes } from './judge.ts';

const earlier = '2026-11-23T12:00:00.000Z';
const before = reportOn(evidence({ time: earlier }));
const same = reportOn(evidence());
const renewed = serverCertificate({ sha256: 'f'.repeat(64) });
const rotated = reportOn(evidence({ tls: tlsSeen({ serverCertificates: [renewed] }) }));
const broken = reportOn(refusedWith(48, {}, { certificateAuthorities: [otherCa] }));
const open = reportOn(
  evidence({ tls: tlsSeen({ clientCertificateRequested: false, clientCertificateSent: false }) }),
);
const elsewhere = reportOn(
  evidence({ target: { url: 'https://other/', host: 'other', port: 443, serverName: 'other' } }),
);

const table: readonly (readonly [string, Report, Report, object])[] = [
  ['nothing changed', before, same, { failed: [], warned: [] }],
  ["the server's certificate was renewed", before, rotated, { failed: [], warned: [] }],
  [
    'the gateway lost the client CA',
    before,
    broken,
    { failed: ['gateway-client-ca-changed'], warned: [] },
  ],
  [
    'the gateway no longer asks for a certificate',
    before,
    open,
    { failed: [], warned: ['compare-warnings'] },
  ],
  [
    'the gateway never asked for a certificate',
    { ...open, time: earlier },
    open,
    { failed: [], warned: ['compare-before-accepted'] },
  ],
  ['the two are swapped', same, before, { failed: [], warned: ['compare-order'] }],
  [
    'it was broken before',
    { ...broken, time: earlier },
    same,
    { failed: [], warned: ['compare-before-accepted'] },
  ],
  ['they are of two gateways', before, elsewhere, { failed: ['compare-same-target'], warned: [] }],
];

test.for(table)('%s', ([, one, other, expected]) => {
  const checks = compareReports(one, other);
  expect({ failed: codes(checks, 'failed'), warned: codes(checks, 'warning') }).toEqual(expected);
});

test('what changed is told fact by fact', () => {
  const changes = compareReports(before, rotated).find(({ code }) => code === 'compare-changes');
  expect(changes?.evidence).toEqual([
    `tls.serverCertificates[0].sha256: ${'d'.repeat(64)} before, ${'f'.repeat(64)} now.`,
  ]);
});

function compare(one: unknown, other: unknown, ...args: readonly string[]): Promise<Said> {
  const files: Readonly<Record<string, unknown>> = { before: one, after: other };
  return runMain(['preflight', 'compare', '--before', 'before', '--after', 'after', ...args], {
    readFile: (path) => JSON.stringify(files[path]),
  });
}

test.for([
  ['good', same, [], 0],
  ['broken', broken, [], 1],
  ['a warning', open, [], 0],
  ['a warning that counts', open, ['--fail-on', 'warning'], 1],
] as const)('the exit code of %s', async ([, after, args, expected]) => {
  const { code, stdout } = await compare(before, after, ...args);
  expect(code).toBe(expected);
  expect(stdout).toMatch(expected === 0 ? /^Good: / : /^Broken: /);
});

test('what is no report could not be compared', async () => {
  const { code, stdout, stderr } = await compare(before, { schema: 'elsewhere/1' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--after: "after" holds no report');
});
