/** How a cause is chosen, and what holds for every diagnosis. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confidences } from '../../src/diagnosis/cause.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { ExperimentSeen } from '../../src/evidence/evidence.ts';
import { alerts } from '../../src/tls/alert.ts';
import {
  alertSeen,
  baseline,
  brokeOff,
  credential,
  ended,
  evidence,
  otherCa,
  ourCertificate,
  refusedWith,
  steps,
  tlsSeen,
  unconfigured,
  untilHello,
  untilOurFlight,
  untilServerHello,
  without,
} from '../support/evidence.ts';
import { causeCases } from './cases/all.ts';

const everyLook = causeCases.flatMap(({ code, look, nearMiss }) => [
  { title: code, ...look },
  { title: `not ${code}`, ...nearMiss.look },
]);

test('accepted has no cause and no alternatives', () => {
  expect(diagnose(evidence())).toEqual({
    outcome: 'accepted',
    cause: null,
    alternatives: [],
    warnings: [],
  });
});

test('a local reason leaves the general one among the alternatives when it is not certain', () => {
  const expired = ourCertificate({ notAfter: '2026-11-20T00:00:00.000Z' });
  const noList = tlsSeen({ progress: untilOurFlight, certificateAuthorities: [] });
  const { cause, alternatives } = diagnose(
    refusedWith(46, { clientCertificate: expired, tls: noList }),
  );
  expect(cause?.code).toBe('client-certificate-expired');
  expect(alternatives).toEqual([{ code: 'gateway-refused-our-certificate', confidence: 'likely' }]);
});

test('what speaks against a local reason lets the reason that it names win', () => {
  const expired = ourCertificate({ notAfter: '2026-11-20T00:00:00.000Z' });
  const seen = refusedWith(
    48,
    { clientCertificate: expired },
    { certificateAuthorities: [otherCa] },
  );
  const { cause, alternatives } = diagnose(seen);
  expect(cause?.code).toBe('client-issuer-not-accepted');
  expect(alternatives.map(({ code }) => code)).toContain('client-certificate-expired');
});

test('the incident: the sentence says that nothing here changed, since when, and what the gateway did', () => {
  const seen = refusedWith(48, {}, { certificateAuthorities: [otherCa] });
  const { cause, changes, lastAcceptedAt } = diagnose(seen, baseline());
  expect(cause).toMatchObject({ code: 'gateway-client-ca-changed', side: 'gateway' });
  expect(cause?.evidence[0]).toContain(
    'Nothing on this side changed since the last accepted look at 12:19',
  );
  expect(cause?.evidence[1]).toContain(`now it names ${otherCa}`);
  expect(lastAcceptedAt).toBe('2026-11-23T12:19:00.000Z');
  expect(changes?.map(({ what }) => what)).toEqual(['tls.certificateAuthorities']);
});

test.for(everyLook)(
  '$title: what is certain has no alternatives, and no cause is its own',
  (look) => {
    const { outcome, layer, cause, alternatives } = diagnose(look.evidence, look.baseline);
    if (cause?.confidence === 'certain') expect(alternatives).toEqual([]);
    expect(alternatives.map(({ code }) => code)).not.toContain(cause?.code);
    expect(layer === undefined).toBe(outcome === 'accepted');
    expect(cause === null || outcome !== 'accepted').toBe(true);
  },
);

test.for(everyLook)('$title: a stored look is diagnosed again alike', (look) => {
  const stored = JSON.parse(JSON.stringify(look)) as typeof look;
  expect(diagnose(stored.evidence, stored.baseline)).toEqual(
    diagnose(look.evidence, look.baseline),
  );
});

test.for(everyLook)('$title: evidence and remedy are whole sentences', (look) => {
  const { cause } = diagnose(look.evidence, look.baseline);
  for (const sentence of [...(cause?.evidence ?? []), ...(cause ? [cause.remedy] : [])]) {
    expect(sentence).toMatch(/^[A-Z/].*[.]$/s);
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
  }
});

const anyOf = <const T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Facts combined at random: most of it never happens, and all of it must be survived. */
const anyLook = fc
  .record({
    failing: anyOf('dns', 'tcp', 'proxy', 'tls', 'http', 'websocket', undefined),
    error: anyOf('ENOTFOUND', 'ECONNREFUSED', 'TIMEOUT', 'ECONNRESET', 'CLOSED', 'ERR_ODD'),
    codes: fc.array(anyOf(...Object.keys(alerts).map(Number), 255), { maxLength: 3 }),
    direction: anyOf('sent', 'received'),
    level: anyOf('warning', 'fatal', 'unknown'),
    afterFinished: fc.boolean(),
    requested: anyOf(true, false, undefined),
    sent: anyOf(true, false, undefined),
    progress: anyOf(untilHello, untilServerHello, untilOurFlight, tlsSeen().progress),
    ending: anyOf('fin', 'reset', 'close_notify', 'timeout', 'limit', undefined),
    by: anyOf('peer', 'us'),
    status: anyOf(undefined, 200, 302, 400, 401, 403, 404, 421, 429, 500, 503),
    trusted: anyOf(true, false, undefined),
    configured: fc.boolean(),
    hasTls: fc.boolean(),
    remembers: fc.boolean(),
  })
  .map((facts) => {
    const { requested, sent, trusted, ending } = facts;
    const tls = {
      ...without(
        tlsSeen(),
        'clientCertificateRequested',
        'clientCertificateSent',
        'serverAuthorized',
      ),
      ...(requested !== undefined && { clientCertificateRequested: requested }),
      ...(sent !== undefined && { clientCertificateSent: sent }),
      ...(trusted !== undefined && { serverAuthorized: trusted }),
      ...(ending && { ended: ended(ending, facts.by) }),
      progress: facts.progress,
    };
    const seen = {
      ...without(evidence(), 'tls', 'http'),
      steps: steps(facts.failing, { error: { code: facts.error } }, []),
      alerts: facts.codes.map((code) =>
        alertSeen(code, {
          direction: facts.direction,
          level: facts.level,
          afterFinished: facts.afterFinished,
        }),
      ),
      ...(facts.hasTls && { tls }),
      ...(facts.status !== undefined && { http: { status: facts.status } }),
      credential: credential(),
    };
    return {
      evidence: facts.configured ? seen : unconfigured(seen),
      baseline: facts.remembers ? baseline() : undefined,
    };
  });

test('any combination of facts is diagnosed: no throw, ranked, the same every time', () => {
  fc.assert(
    fc.property(anyLook, (look) => {
      const found = diagnose(look.evidence, look.baseline);
      expect(diagnose(look.evidence, look.baseline)).toEqual(found);
      expect(confidences).toContain(found.cause?.confidence ?? 'certain');
      if (found.outcome === 'rejected') {
        // Refused means that something was said or that our flight was left unanswered.
        const heard = look.evidence.http?.status !== undefined || look.evidence.alerts.length > 0;
        expect(heard || look.evidence.tls?.progress.finishedSent).toBe(true);
      }
      if (found.outcome === 'accepted') expect(found.cause).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test('the next step after a silent handshake is not what an experiment has already tried', () => {
  const silent = brokeOff({ ended: ended('timeout', 'us') }, 'TIMEOUT');
  const smaller: ExperimentSeen = {
    ...{ changed: 'classic-groups-only', outcome: 'failed', layer: 'tls', durationMs: 2000 },
    ...{ error: 'TIMEOUT', serverHelloReceived: false },
  };
  expect(diagnose(silent).cause?.remedy).toContain('--groups X25519');
  const tried = diagnose({ ...silent, experiments: [smaller] });
  expect(tried.cause).toMatchObject({ code: 'handshake-timeout' });
  expect(tried.cause?.remedy).not.toContain('--groups');
});
