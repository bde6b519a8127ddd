/** What one look concludes, and where it stopped. */
import { expect, test } from 'vitest';
import { concludeOutcome } from '../../src/diagnosis/outcome.ts';
import type { Evidence, HttpSeen, Layer, Outcome } from '../../src/evidence/evidence.ts';
import {
  alertSeen,
  answered,
  brokeOff,
  ended,
  evidence,
  leftAfterFlight,
  refusedAtHello,
  refusedWith,
  steps,
  stoppedAt,
  stoppedLocally,
  tlsSeen,
  unconfigured,
  untilHello,
  untilOurFlight,
  untilServerHello,
  untrusted,
  upgraded,
  without,
} from '../support/evidence.ts';

type Row = readonly [title: string, seen: Evidence, outcome: Outcome, layer?: Layer];

const noAnswer = (seen: Evidence): Evidence => without(seen, 'http') as Evidence;
const tls12 = { version: '1.2', progress: { ...untilOurFlight, finishedReceived: false } };
const handshakeOnly = (progress: object, more: object = {}): Evidence =>
  noAnswer(
    evidence({
      steps: steps(undefined, {}, ['http', 'websocket']),
      tls: tlsSeen({ progress: { ...untilOurFlight, ...progress }, ...more }),
    }),
  );
const silent = (changes: Parameters<typeof tlsSeen>[0], code = 'TIMEOUT'): Evidence =>
  noAnswer(evidence({ steps: steps('http', { error: { code } }), tls: tlsSeen(changes) }));
const spoken = (seen: Evidence, reason: 'protocol-not-spoken'): Evidence => ({
  ...noAnswer(seen),
  steps: steps().map((step) =>
    step.name === 'http' ? { name: 'http', outcome: 'skipped', reason } : step,
  ),
});

const rows: readonly Row[] = [
  ['local files that cannot be used', stoppedLocally({}), 'failed', 'local'],
  [
    'a name that does not resolve',
    stoppedAt('dns', { error: { code: 'ENOTFOUND' } }),
    'failed',
    'dns',
  ],
  ['a refused connection', stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }), 'failed', 'tcp'],
  [
    'a proxy that refuses',
    stoppedAt('proxy', { error: { code: 'PROXY_STATUS' } }),
    'failed',
    'proxy',
  ],
  ...[40, 70, 112, 120, 48, 49, 116].map(
    (code): Row => [`alert ${code} before the ServerHello`, refusedAtHello(code), 'failed', 'tls'],
  ),
  ...[40, 42, 45, 46, 48, 80, 116].map(
    (code): Row => [
      `TLS 1.3: alert ${code} after our flight`,
      refusedWith(code),
      'rejected',
      'tls',
    ],
  ),
  [
    'TLS 1.2: alert 40 in place of the Finished of the server',
    refusedWith(40, {}, tls12),
    'rejected',
    'tls',
  ],
  [
    'TLS 1.2: alert 40 to an empty certificate',
    unconfigured(refusedWith(40, {}, tls12)),
    'rejected',
    'tls',
  ],
  [
    'an alert after our flight where no certificate was asked for',
    refusedWith(80, {}, { clientCertificateRequested: false }),
    'failed',
    'tls',
  ],
  [
    'an alert about certificates where the request could not be read',
    {
      ...refusedWith(48),
      tls: without(tlsSeen({ progress: untilOurFlight }), 'clientCertificateRequested'),
    },
    'rejected',
    'tls',
  ],
  [
    'a warning about certificates in TLS 1.3, where every alert is fatal',
    refusedWith(46, { alerts: [alertSeen(46, { level: 'warning' })] }),
    'rejected',
    'tls',
  ],
  [
    'our own alert, echoed by the gateway',
    refusedWith(48, { alerts: [alertSeen(48, { direction: 'sent' }), alertSeen(48)] }),
    'failed',
    'tls',
  ],
  [
    'user_canceled and close_notify in place of an answer, after our flight',
    {
      ...leftAfterFlight('close_notify'),
      alerts: [alertSeen(90, { level: 'warning' }), alertSeen(0, { level: 'warning' })],
    },
    'rejected',
    'tls',
  ],
  [
    'a warning about the server name, then a close after our flight',
    {
      ...leftAfterFlight('fin', tls12),
      alerts: [alertSeen(112, { level: 'warning', encrypted: false, afterFinished: false })],
    },
    'rejected',
    'tls',
  ],
  ['a close after our certificate flight', leftAfterFlight('fin'), 'rejected', 'tls'],
  ['a reset after our certificate flight', leftAfterFlight('reset'), 'rejected', 'tls'],
  [
    'TLS 1.2: a close in place of the Finished of the server',
    leftAfterFlight('fin', tls12),
    'rejected',
    'tls',
  ],
  [
    'a close after a flight without a request',
    leftAfterFlight('fin', { clientCertificateRequested: false }),
    'failed',
    'tls',
  ],
  [
    'a close after the ServerHello',
    brokeOff({ progress: untilServerHello, ended: ended('fin') }),
    'failed',
    'tls',
  ],
  [
    'a reset after our ClientHello',
    brokeOff({ progress: untilHello, ended: ended('reset') }, 'ECONNRESET'),
    'failed',
    'tls',
  ],
  [
    'TLS 1.2: silence in place of the Finished of the server',
    { ...leftAfterFlight('fin', { ...tls12, ended: ended('timeout', 'us') }) },
    'failed',
    'tls',
  ],
  ['a server that we do not trust', untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'), 'failed', 'tls'],
  [
    'a server that we do not trust and that refuses us',
    { ...untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'), alerts: [alertSeen(116)] },
    'failed',
    'tls',
  ],
  [
    'silence in place of an answer, and nothing since our flight',
    silent({ progress: untilOurFlight }),
    'rejected',
    'http',
  ],
  [
    'a close in place of an answer, and nothing since our flight',
    silent({ progress: untilOurFlight }, 'CLOSED'),
    'rejected',
    'tls',
  ],
  ...['ERR_SSL_UNEXPECTED_MESSAGE', 'LIMIT'].map(
    (code): Row => [
      `what we broke off ourselves because of what came (${code}), and nothing else since our flight`,
      silent({ progress: untilOurFlight }, code),
      'failed',
      'http',
    ],
  ),
  [
    'an alert that only our TLS library could read, and nothing since our flight',
    silent({ progress: untilOurFlight }, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    'rejected',
    'tls',
  ],
  [
    'silence in place of an answer after a ticket',
    silent({ progress: { ...untilOurFlight, ticketsReceived: 1 } }),
    'failed',
    'http',
  ],
  [
    'TLS 1.2: silence in place of an answer after the Finished of the server',
    silent({ version: '1.2', progress: untilOurFlight }),
    'failed',
    'http',
  ],
  [
    'silence in place of an answer where no certificate was asked for',
    silent({ clientCertificateRequested: false, progress: untilOurFlight }),
    'failed',
    'http',
  ],
  [
    'tickets without an answer, where none is wanted',
    handshakeOnly({ ticketsReceived: 2 }),
    'accepted',
  ],
  [
    'data without an answer, where none is wanted',
    handshakeOnly({ applicationDataReceived: true }),
    'accepted',
  ],
  ['a complete handshake alone', handshakeOnly({}), 'unconfirmed', 'tls'],
  [
    'a refusal after a ticket',
    { ...handshakeOnly({ ticketsReceived: 2 }), alerts: [alertSeen(48)] },
    'rejected',
    'tls',
  ],
  [
    'a ticket where an answer is wanted and cannot be asked for',
    spoken(evidence(), 'protocol-not-spoken'),
    'unconfirmed',
    'http',
  ],
  ['an upgrade', upgraded({ status: 101 }), 'accepted'],
  ['an upgrade that was closed in order', upgraded({ status: 101, closeCode: 1001 }), 'accepted'],
  [
    'an upgrade that was closed for a policy',
    upgraded({ status: 101, closeCode: 1008 }),
    'failed',
    'websocket',
  ],
  ['an upgrade that is forbidden', upgraded({ status: 403 }, true), 'rejected', 'websocket'],
  ['an upgrade that is not found', upgraded({ status: 404 }, true), 'failed', 'websocket'],
  [
    'an answer, and then no upgrade',
    evidence({ steps: steps('websocket', { error: { code: 'TIMEOUT' } }, []) }),
    'failed',
    'websocket',
  ],
  ['an answer before a fatal alert', evidence({ alerts: [alertSeen(80)] }), 'accepted'],
];

test.for(rows)('%s', ([, seen, outcome, layer]) => {
  expect(concludeOutcome(seen)).toEqual({ outcome, ...(layer && { layer }) });
});

const gateway = 'https://gateway.example';
const statuses: readonly (readonly [HttpSeen, Outcome])[] = [
  ...[200, 204, 300, 304, 400, 402, 404, 405, 407, 410, 418, 451, 499].map(
    (status) => [{ status }, 'accepted'] as const,
  ),
  ...[401, 403, 495, 496].map((status) => [{ status }, 'rejected'] as const),
  ...[421, 429, 500, 502, 503, 504, 599].map((status) => [{ status }, 'failed'] as const),
  [{ status: 400, body: 'nginx-certificate-error' }, 'rejected'],
  [{ status: 400, body: 'nginx-no-required-certificate' }, 'rejected'],
  [{ status: 301, locationOrigin: `${gateway}:8443` }, 'accepted'],
  [{ status: 308, locationOrigin: 'https://GATEWAY.example' }, 'accepted'],
  [{ status: 302, locationOrigin: 'https://login.example' }, 'failed'],
  [{ status: 307, locationOrigin: 'https://gateway.example.evil' }, 'failed'],
];

test.for(statuses)('HTTP %j is %s', ([http, outcome]) => {
  expect(concludeOutcome(answered(http)).outcome).toBe(outcome);
});
