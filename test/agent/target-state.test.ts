import { expect, test } from 'vitest';
import { initialTargetState, observe, type TargetState } from '../../src/agent/target-state.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import {
  credential,
  evidence,
  ourCertificate,
  refusedWith,
  serverCertificate,
  tlsSeen,
} from '../support/evidence.ts';

const heartbeatMs = 300_000;

/** Feeds looks at these times and gives what was said about each. */
function tell(
  looks: readonly (readonly [nowMs: number, look: Evidence])[],
  before: TargetState = initialTargetState,
) {
  let state = before;
  return looks.map(([nowMs, look]) => {
    const observed = observe(state, look, diagnose(look), nowMs, heartbeatMs);
    state = observed.state;
    return observed;
  });
}

const accepted = (time = '2026-11-23T14:00:00.000Z'): Evidence => evidence({ time });
const refused = (time: string): Evidence => ({ ...refusedWith(48), time });

test('the first look is news, the same again is counted until the heartbeat', () => {
  const said = tell([
    [0, accepted()],
    [60_000, accepted()],
    [120_000, accepted()],
    [300_000, accepted()],
  ]);
  expect(said.map(({ event }) => event)).toEqual([
    'state-changed',
    undefined,
    undefined,
    'heartbeat',
  ]);
  expect(said.at(-1)?.attempt).toEqual({ number: 4, repeats: 2 });
});

test('failing since is the first of the looks that failed in a row', () => {
  const [, first, second] = tell([
    [0, accepted()],
    [60_000, refused('2026-11-23T14:01:00.000Z')],
    [70_000, refused('2026-11-23T14:01:10.000Z')],
  ]);
  expect(first).toMatchObject({ event: 'state-changed' });
  expect(second?.event).toBeUndefined();
  expect(second?.attempt.failingSince).toBe('2026-11-23T14:01:00.000Z');
});

test('another server certificate is news even while all works', () => {
  const renewed = evidence({
    tls: tlsSeen({ serverCertificates: [serverCertificate({ sha256: 'b'.repeat(64) })] }),
  });
  const [, second] = tell([
    [0, accepted()],
    [60_000, renewed],
  ]);
  expect(second?.event).toBe('state-changed');
});

test('acceptance holds from its first look on, and begins anew after a failure', () => {
  const said = tell([
    [10, accepted()],
    [20, accepted()],
    [30, refused('2026-11-23T14:01:00.000Z')],
    [40, accepted()],
  ]);
  expect(said.map(({ state }) => state.acceptedSinceMs)).toEqual([10, 10, undefined, 40]);
});

test('the first accepted look after failures says since when they lasted', () => {
  const said = tell([
    [0, refused('2026-11-23T14:01:00.000Z')],
    [10, refused('2026-11-23T14:02:00.000Z')],
    [20, accepted()],
    [30, accepted()],
  ]);
  expect(said.map(({ attempt }) => attempt.failedSince)).toEqual([
    undefined,
    undefined,
    '2026-11-23T14:01:00.000Z',
    undefined,
  ]);
});

const soon = 'client-certificate-expires-soon';
const expiring = evidence({
  clientCertificate: ourCertificate({ notAfter: '2026-12-01T00:00:00.000Z' }),
});
/** The same certificate by its fingerprint, far from its end. */
const fresh = evidence();

test('a new warning while all works is news once, by itself', () => {
  const said = tell([
    [0, fresh],
    [10, expiring],
    [20, expiring],
  ]);
  expect(said.map(({ event }) => event)).toEqual(['state-changed', 'state-changed', undefined]);
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([undefined, [soon], undefined]);
});

test('each step nearer to the end of a certificate is news once', () => {
  const ending = (day: string): Evidence =>
    evidence({ clientCertificate: ourCertificate({ notAfter: `${day}T14:30:00.000Z` }) });
  const said = tell([
    [0, fresh],
    ...['2026-12-20', '2026-12-15', '2026-12-06', '2026-12-05', '2026-11-29', '2026-11-24'].map(
      (day, index) => [10 + index, ending(day)] as const,
    ),
  ]);
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([
    ...[undefined, [soon], undefined, [soon], undefined, [soon], undefined],
  ]);
});

const exposed = 'client-key-file-exposed';
const leaking = evidence({
  credential: credential({ keyFile: { path: '/etc/mtls/client.key', mode: '0644' } }),
});

test('a warning of the first look is told by the second, and one that comes back is told again', () => {
  const said = tell([
    [0, leaking],
    [10, leaking],
    [20, fresh],
    [30, leaking],
  ]);
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([
    undefined,
    [exposed],
    undefined,
    [exposed],
  ]);
});

test('a step nearer to the end of a certificate is told once, whatever is seen in between', () => {
  const other = evidence({
    clientCertificate: ourCertificate({
      notAfter: '2026-12-01T00:00:00.000Z',
      sha256: '9'.repeat(64),
    }),
  });
  const said = tell(
    [
      ...[expiring, expiring, fresh, expiring, expiring],
      ...[refused('2026-11-23T14:01:00.000Z'), expiring, expiring, other, other],
    ].map((look, index) => [index * 10, look]),
  );
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([
    ...[undefined, [soon], undefined, undefined, undefined],
    ...[undefined, undefined, undefined, undefined, [soon]],
  ]);
});

test('what was told before the agent was restarted is not told again', () => {
  const [, told] = tell([
    [0, expiring],
    [10, expiring],
  ]);
  const warned = told?.state.warned ?? [];
  const said = tell(
    [
      [0, expiring],
      [10, expiring],
      [20, expiring],
    ],
    { ...initialTargetState, warned },
  );
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([undefined, undefined, undefined]);
});

test('while the gateway does not accept us no warning is news, and it is when the gateway does again', () => {
  const refusedExpiring = { ...refusedWith(48), clientCertificate: expiring.clientCertificate! };
  const said = tell([
    [0, fresh],
    [10, refusedExpiring],
    [20, refusedExpiring],
    [30, expiring],
    [40, expiring],
  ]);
  expect(said.map(({ attempt }) => attempt.newWarnings)).toEqual([
    ...[undefined, undefined, undefined, undefined],
    [soon],
  ]);
});
