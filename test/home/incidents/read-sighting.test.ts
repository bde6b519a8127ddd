/** What a stored report says to the incidents, and that no shape of a report does any harm. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { readSighting } from '../../../src/home/incidents/read-sighting.ts';
import { makeReport } from '../../../src/report/make-report.ts';
import { baseline, evidence, otherCa, ourCa, refusedWith } from '../../support/evidence.ts';

const stored = { source: 'urn:sidelight:agent:1', arrival: 7, receivedMs: 1_000_000 };

function reportOf(seen: Evidence, before = baseline()) {
  const report = makeReport({
    evidence: seen,
    diagnosis: diagnose(seen, before),
    id: 'id',
    runId: 'run',
    agent: {
      name: 'sidelight',
      version: '1.0.0',
      host: 'pod-1',
      delegate: { name: 'blue', account: 'acme' },
    },
    attempt: { number: 3, failingSince: '2026-11-23T13:58:00.000Z', repeats: 0 },
    event: 'state-changed',
  });
  return JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
}

const refused = refusedWith(48, {}, { certificateAuthorities: [otherCa, ourCa] });

test('a refusal is read with all that incidents are told by', () => {
  expect(readSighting(stored, { ...reportOf(refused), sequence: 12 })).toEqual({
    arrival: 7,
    receivedMs: 1_000_000,
    timeMs: Date.parse('2026-11-23T14:00:00.000Z'),
    delegate: { source: stored.source, name: 'blue', account: 'acme', host: 'pod-1' },
    target: 'https://gateway.example:8443/',
    outcome: 'rejected',
    layer: 'tls',
    cause: expect.objectContaining({ code: 'gateway-client-ca-changed', side: 'gateway' }),
    alert: { direction: 'received', code: 48 },
    serverSha256: 'd'.repeat(64),
    authoritiesSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    failingForMs: 120_000,
    acceptedAgoMs: 101 * 60_000,
    changes: [{ what: 'tls.certificateAuthorities', before: [ourCa], now: [otherCa, ourCa] }],
    event: 'state-changed',
    sequence: 12,
  });
});

test('an accepted look has no cause, alert or failure', () => {
  const sighting = readSighting(stored, reportOf(evidence()));
  expect(sighting).toMatchObject({ outcome: 'accepted', changes: [] });
  for (const name of ['cause', 'alert', 'layer', 'failingForMs']) {
    expect(sighting).not.toHaveProperty(name);
  }
});

test('the same authorities in another order have the same fingerprint, and others another', () => {
  const [one, other, third] = [[ourCa, otherCa], [otherCa, ourCa], [ourCa]].map((names) =>
    readSighting(stored, reportOf(refusedWith(48, {}, { certificateAuthorities: names }))),
  );
  expect(one?.authoritiesSha256).toBe(other?.authoritiesSha256);
  expect(one?.authoritiesSha256).not.toBe(third?.authoritiesSha256);
});

test('the words for a known cause are ours, whatever the sender says', () => {
  const cause = {
    code: 'gateway-client-ca-changed',
    title: 'Call 555-1234',
    side: 'delegate',
    confidence: 'certain',
  };
  expect(readSighting(stored, { ...reportOf(refused), cause })?.cause).toEqual({
    ...cause,
    title: 'The gateway changed the client CA that it accepts',
    side: 'gateway',
  });
});

test('a report without target or outcome is no sighting', () => {
  const { target: _, ...targetless } = reportOf(refused);
  expect(readSighting(stored, targetless)).toBeUndefined();
  expect(readSighting(stored, { ...reportOf(refused), outcome: 'odd' })).toBeUndefined();
  for (const odd of [null, 1, 'text', [], [reportOf(refused)]]) {
    expect(readSighting(stored, odd)).toBeUndefined();
  }
});

test('whatever stands in place of a value, it is read without a fault and within bounds', () => {
  const report = reportOf(refused);
  const place = fc.constantFrom(...Object.keys(report));
  fc.assert(
    fc.property(place, fc.jsonValue({ maxDepth: 4 }), (name, value) => {
      const sighting = readSighting(stored, { ...report, [name]: value });
      expect(JSON.stringify(sighting ?? '').length).toBeLessThan(20_000);
    }),
    { numRuns: 500 },
  );
});

test('control characters of a sender reach nothing', () => {
  const agent = { host: 'h\u001b[31m', delegate: { name: 'n\u202e', account: 'a\n' } };
  const sighting = readSighting(stored, { ...reportOf(refused), agent });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
  expect(JSON.stringify(sighting?.delegate)).not.toMatch(/[\u0000-\u001f\u202e]/);
  expect(sighting?.delegate.host).toBe('h\\u001b[31m');
});
