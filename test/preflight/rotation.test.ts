/** A rotation judged from its looks: what breaks it, what is a warning, and what is told of either. */
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import type { CheckResult } from '../../src/preflight/check.ts';
import { beginRotation, continueRotation, rotationChecks } from '../../src/preflight/rotation.ts';
import { evidence, ourCertificate, refusedWith, stoppedAt, tlsSeen } from '../support/evidence.ts';

const at = (minute: number, seen: Evidence): Evidence => ({
  ...seen,
  time: `2026-11-23T14:0${minute}:00.000Z`,
});
const accepted = evidence();
const refused = refusedWith(48);
const open = evidence({
  tls: tlsSeen({ clientCertificateRequested: false, clientCertificateSent: false }),
});
const earlier = '2026-11-01T00:00:00.000Z';
const away = stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } });

function judge(first: Evidence, ...later: readonly Evidence[]): readonly CheckResult[] {
  const begun = beginRotation('https://gw/', at(0, first));
  return rotationChecks(
    later.reduce((rotation, seen, index) => continueRotation(rotation, at(index + 1, seen)), begun),
  );
}

test.for([
  ['accepted throughout', [accepted, accepted, accepted], 'passed', 'passed'],
  ['away for a while', [accepted, away, accepted], 'passed', 'warning'],
  ['away at the end', [accepted, accepted, away], 'passed', 'failed'],
  ['refused for a while', [accepted, refused, accepted], 'passed', 'failed'],
  ['away, then refused, then accepted', [accepted, away, refused, accepted], 'passed', 'failed'],
  ['refused at the beginning only', [refused, accepted], 'warning', 'passed'],
  ['refused throughout', [refused, refused], 'warning', 'failed'],
  ['one look, refused', [refused], 'warning', 'failed'],
  ['one look, accepted', [accepted], 'passed', 'warning'],
  ['asked for no certificate from the beginning', [open, open], 'warning', 'passed'],
] as const)('%s', ([, [first, ...later], begun, throughout]) => {
  const outcomes = judge(first, ...later).map(({ outcome }) => outcome);
  expect(outcomes).toEqual([begun, throughout, 'passed', 'passed']);
});

test('a gateway that stops asking for certificates is told once, with the look that first saw it', () => {
  const warnings = judge(accepted, open, accepted, open).find(
    ({ code }) => code === 'compare-warnings',
  );
  expect(warnings).toMatchObject({ outcome: 'warning', evidence: { length: 1 } });
  expect(warnings?.evidence[0]).toMatch(
    /^2026-11-23T14:01:00\.000Z: The gateway does not ask .*\(client-certificate-not-requested\)$/,
  );
});

test('what a refused look warns of is told with the refusal', () => {
  const expired = { ...refused, clientCertificate: ourCertificate({ notAfter: earlier }) };
  const [, , warnings] = judge(accepted, expired);
  expect(warnings).toMatchObject({ code: 'compare-warnings', outcome: 'passed' });
});

test('the refusal is told and not the outage before it, with when it was', () => {
  const [, throughout] = judge(accepted, away, refused, away);
  expect(throughout?.evidence).toContain('2026-11-23T14:02:00.000Z: rejected.');
  expect(throughout?.evidence).toContain('Alert 48 (unknown_ca), received.');
});

test('what was restored meanwhile is not asked for again, and what still stands is', () => {
  const [, restored] = judge(accepted, refused, accepted);
  expect(restored?.remedy).toMatch(
    /^It accepts us again\. Find out what happened at 2026-11-23T14:01:00\.000Z; if it comes back: [A-Z]/,
  );
  const [, standing] = judge(accepted, refused, refused);
  expect(standing?.remedy).not.toContain('again. Find out');
});

test('each change is told once, with the look that first saw it', () => {
  const renewed = evidence({ clientCertificate: ourCertificate({ sha256: '9'.repeat(64) }) });
  const [, , , changes] = judge(accepted, renewed, renewed, accepted);
  expect(changes?.evidence).toEqual([
    `2026-11-23T14:01:00.000Z: clientCertificate.sha256 was ${'a'.repeat(64)} at the beginning, and then ${'9'.repeat(64)}.`,
  ]);
});
