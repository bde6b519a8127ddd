/** What a gateway, and the way to it, can be like: what a look sees then, and what that comes to by the README. */
import type { Evidence, Outcome } from '../../src/evidence/evidence.ts';
import {
  alertSeen,
  brokeOff,
  ended,
  evidence,
  steps,
  stoppedAt,
  tlsSeen,
  untilHello,
  untilOurFlight,
  untilServerHello,
  untrusted,
  without,
} from '../../test/support/evidence.ts';

export interface Condition {
  readonly name: string;
  /** What a report says of it, where another condition comes to the same: its name if absent. */
  readonly says?: string;
  readonly outcome: Outcome;
  /** What the peer asks us to wait, with 429 and 503. */
  readonly retryAfterMs?: number;
  /** Whether the looks show the server's certificate, and whom it asks for. */
  readonly isSeen: boolean;
  /** Of an HTTP answer that is an acceptance. */
  readonly status?: number;
  /** `facts`: what every look has: time, target, credential, and what the gateway presents. */
  readonly see: (facts: Partial<Evidence>) => Evidence;
}

const accepted = (name: string, status: number): Condition => ({
  name,
  outcome: 'accepted',
  isSeen: true,
  status,
  see: (facts) => evidence({ ...facts, http: { status } }),
});

const answered = (
  name: string,
  outcome: Outcome,
  status: number,
  retryAfterMs?: number,
): Condition => ({
  name,
  outcome,
  isSeen: true,
  ...((status === 429 || status === 503) && { says: 'overloaded' }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  see: (facts) =>
    evidence({
      ...facts,
      http: { status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    }),
});

const refused = (code: number): Condition => ({
  name: `alert-${code}`,
  outcome: 'rejected',
  isSeen: true,
  see: (facts) => {
    const seen = evidence({
      ...facts,
      steps: steps('tls', { error: { code: 'ERR_SSL_ALERT' } }),
      alerts: [alertSeen(code)],
      tls: tlsSeen({ ...facts.tls, progress: untilOurFlight, ended: ended('alert') }),
    });
    return without(seen, 'http') as Evidence;
  },
});

const stopped = (at: 'dns' | 'tcp', code: string): Condition => ({
  name: `${at}-${code}`,
  outcome: 'failed',
  isSeen: false,
  see: ({ tls: _unseen, ...facts }) => stoppedAt(at, { error: { code } }, facts),
});

/** Untrusted by the clock of the agent's machine. */
export const untrustedFor = (code: string): Condition => ({
  name: code,
  outcome: 'failed',
  isSeen: true,
  see: (facts) => {
    const { serverCertificates = [] } = facts.tls ?? {};
    return untrusted(code, serverCertificates, {
      ...facts,
      tls: tlsSeen({ ...facts.tls, serverAuthorized: false, serverAuthorizationError: code }),
    });
  },
});

const broken = (name: string, how: 'reset' | 'fin', late: boolean): Condition => ({
  name,
  // Of a gateway that took the same ClientHello before, either is its refusal of it.
  ...(!late && { says: 'cut-at-hello' }),
  outcome: 'failed',
  isSeen: false,
  see: ({ tls: _unseen, ...facts }) =>
    brokeOff(
      { ended: ended(how), progress: late ? untilServerHello : untilHello },
      how === 'reset' ? 'ECONNRESET' : 'CLOSED',
      facts,
    ),
});

/** The gateway speaks a protocol in which nothing can be asked. */
const unconfirmed: Condition = {
  name: 'unconfirmed',
  outcome: 'unconfirmed',
  isSeen: true,
  see: (facts) => {
    const skipped = steps().map((step) =>
      step.name === 'http'
        ? ({ name: 'http', outcome: 'skipped', reason: 'protocol-not-spoken' } as const)
        : step,
    );
    const tls = tlsSeen({ ...facts.tls, alpn: 'h2', progress: untilOurFlight });
    return without(evidence({ ...facts, steps: skipped, tls }), 'http') as Evidence;
  },
};

export const good = accepted('accepted', 200);
export const expiredForGateway = refused(45);

export const troubles: readonly Condition[] = [
  refused(48),
  refused(42),
  refused(46),
  refused(44),
  stopped('dns', 'ENOTFOUND'),
  stopped('dns', 'EAI_AGAIN'),
  stopped('tcp', 'ECONNREFUSED'),
  stopped('tcp', 'TIMEOUT'),
  stopped('tcp', 'EMFILE'),
  broken('reset-at-hello', 'reset', false),
  broken('closed-at-hello', 'fin', false),
  broken('reset-in-handshake', 'reset', true),
  answered('http-500', 'failed', 500),
  answered('http-403', 'rejected', 403),
  answered('http-503', 'failed', 503),
  answered('http-429-for-a-minute', 'failed', 429, 60_000),
  answered('http-503-for-ten-minutes', 'failed', 503, 600_000),
  answered('http-503-for-a-day', 'failed', 503, 86_400_000),
  untrustedFor('SELF_SIGNED_CERT_IN_CHAIN'),
  unconfirmed,
];

/** Acceptances that say something else. */
export const otherAnswers: readonly Condition[] = [
  accepted('accepted', 404),
  accepted('accepted', 204),
];
