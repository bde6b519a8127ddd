/** Statuses as they come, by what they are. */
import { judgeStanding, type Standing } from '../../../src/report/judge-standing.ts';
import type { Status } from '../../../src/report/status.ts';

const now = '2026-11-23T14:00:00.000Z';
const noneLost = { age: 0, size: 0, rejected: 0 };

function statusOf(standing: Standing): Status {
  const judged = judgeStanding(standing);
  return { schema: 'sidelight.status/1', time: now, ...judged, ...standing };
}

const agent = {
  running: true,
  version: '0.1.0',
  startedAt: '2026-11-20T13:00:00.000Z',
  pid: 7,
  runId: '01a20a00-0000-7000-8000-000000000001',
  id: '01a20a00-0000-7000-8000-000000000002',
  host: 'eu-1-0',
  delegate: { name: 'eu-1', account: 'acme' },
  memoryBytes: 81 * 1024 * 1024,
};

const accepted = {
  label: 'https://gateway.example:8443/',
  outcome: 'accepted',
  since: '2026-11-20T13:00:09.000Z',
  lastLookAt: '2026-11-23T13:59:48.000Z',
  lastAcceptedAt: '2026-11-23T13:59:48.000Z',
  attempts: 4381,
  nextLookAt: '2026-11-23T14:00:48.000Z',
} as const;

const rejected = {
  label: 'wss://stream.example:8443/stream',
  outcome: 'rejected',
  layer: 'tls',
  cause: {
    code: 'gateway-client-ca-changed',
    title: "The gateway's client CA has changed",
    side: 'gateway',
    confidence: 'certain',
    remedy:
      'Restore the client CA at the gateway: it no longer accepts a certificate that it accepted before.',
  },
  since: '2026-11-23T13:12:00.000Z',
  lastLookAt: '2026-11-23T13:59:59.000Z',
  lastAcceptedAt: '2026-11-23T13:11:00.000Z',
  attempts: 4402,
  nextLookAt: now,
} as const;

const home = {
  name: 'home',
  waiting: 0,
  waitingBytes: 0,
  lost: noneLost,
  lastSuccessTime: '2026-11-23T13:59:59.500Z',
};

export const statuses = {
  'all is well': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [accepted],
    receivers: [home],
    eventsDropped: { stdout: 0 },
  }),
  'two targets, one refused, and receivers in every state': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [accepted, rejected, { label: 'https://new.example/', attempts: 0, nextLookAt: now }],
    targetsOmitted: 2,
    receivers: [
      home,
      {
        name: 'vendor',
        waiting: 812,
        waitingBytes: 7_700_000,
        oldestTime: '2026-11-20T14:05:00.000Z',
        lost: { age: 31, size: 2, rejected: 1, storage: 4 },
        lastSuccessTime: '2026-11-20T14:04:00.000Z',
        trouble: { code: 'unauthorized', status: 401, since: '2026-11-20T14:05:00.000Z' },
      },
      {
        name: 'otlp',
        waiting: 1,
        waitingBytes: 900,
        oldestTime: '2026-11-23T13:59:00.000Z',
        lost: noneLost,
        trouble: { code: 'later-code', error: 'ECONNREFUSED', since: '2026-11-23T13:59:01.000Z' },
      },
    ],
    eventsDropped: { stdout: 0, syslog: 12 },
  }),
  'a receiver in trouble alone': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [accepted],
    receivers: [
      {
        ...home,
        trouble: { code: 'unreachable', error: 'ENOTFOUND', since: '2026-11-23T13:00:00.000Z' },
      },
    ],
  }),
  'a database that was damaged and could not be made anew': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: false, reason: 'not-writable' },
    targets: [{ ...rejected, cause: null }],
    receivers: [],
  }),
  'a disk that takes nothing now': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: false, reason: 'disk-takes-nothing' },
    targets: [accepted],
    receivers: [{ ...home, waiting: 3, waitingBytes: 30_000 }],
  }),
  'an agent that was stopped': statusOf({
    source: 'directory',
    agent: { running: false, id: agent.id },
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [{ label: accepted.label, lastAcceptedAt: accepted.lastAcceptedAt }],
    receivers: [{ ...home, waiting: 3, waitingBytes: 30_000, oldestTime: accepted.lastLookAt }],
  }),
  'an agent that says nothing': statusOf({
    source: 'directory',
    agent: { running: true, id: agent.id },
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [],
    receivers: [],
  }),
  'an agent that has not looked yet': statusOf({
    source: 'agent',
    agent,
    state: { directory: '/var/lib/sidelight', durable: true },
    targets: [{ label: accepted.label, attempts: 0, nextLookAt: '2026-11-23T14:00:06.000Z' }],
    receivers: [],
  }),
  'no state directory': statusOf({
    source: 'directory',
    agent: {},
    state: { durable: false, reason: 'no-directory' },
    targets: [],
    receivers: [],
  }),
  'a directory where only single looks were made': statusOf({
    source: 'directory',
    agent: { id: agent.id },
    state: { directory: '/var/lib/sidelight', durable: true, reason: 'no-lock' },
    targets: [{ label: accepted.label, lastAcceptedAt: accepted.lastAcceptedAt }],
    receivers: [{ ...home, waiting: 1, waitingBytes: 9_000 }],
  }),
  'nothing in the state directory': statusOf({
    source: 'directory',
    agent: {},
    state: { directory: '/none', durable: false, reason: 'not-there', error: 'ENOENT' },
    targets: [],
    receivers: [],
  }),
} as const satisfies Readonly<Record<string, Status>>;
