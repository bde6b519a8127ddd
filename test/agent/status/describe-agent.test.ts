/** What a running agent says of itself, and where it says nothing. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { askStatus } from '../../../src/agent/status/ask-status.ts';
import { type AgentStanding, describeAgent } from '../../../src/agent/status/describe-agent.ts';
import { openStatus } from '../../../src/agent/status/open-status.ts';
import { nextStanding, targetStatus } from '../../../src/agent/status/target-standing.ts';
import { systemClock } from '../../../src/base/clock.ts';
import type { Report } from '../../../src/report/report.ts';
import { statusSchema } from '../../../src/report/status-schema.ts';
import { corpus } from '../../report/corpus.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = temporaryDirectory();
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(statusSchema);

function reportOf(name: string): Report {
  const report = corpus[name];
  if (!report) throw new Error(name);
  return report;
}

const accepted = reportOf('accepted');
const changed = reportOf('client-ca-changed');

const around = { nowMs: 1_764_000_000_000, pid: 7, memoryBytes: 1, eventsDropped: { file: 2 } };
const standing: AgentStanding = {
  identity: { name: 'sidelight', version: '0.1.0', host: 'h', id: 'a', delegate: { name: 'eu' } },
  runId: 'r',
  startedAt: '2026-11-23T14:00:00.000Z',
  state: { durable: true, isLocked: true },
  isHolding: false,
  directory: root,
  targets: [{ label: 'https://gateway.test/', outcome: 'accepted' }],
  receivers: [],
};

test('what is said is valid, and holds what was known', () => {
  const status = describeAgent(standing, around);
  validate(status);
  expect(validate.errors).toBeNull();
  expect(status).toMatchObject({
    verdict: 'good',
    agent: { running: true, pid: 7, delegate: { name: 'eu' }, runId: 'r' },
    eventsDropped: { file: 2 },
  });
  expect(status).not.toHaveProperty('targetsOmitted');
});

test('the next look is never due before the status', () => {
  const targets = ['2025-11-24T15:59:59.999Z', '2025-11-24T16:00:00.001Z'].map((nextLookAt) => ({
    label: 'https://gateway.test/',
    outcome: 'accepted' as const,
    nextLookAt,
  }));
  const status = describeAgent({ ...standing, targets }, around);
  expect(status.time).toBe('2025-11-24T16:00:00.000Z');
  expect(status.targets.map(({ nextLookAt }) => nextLookAt)).toEqual([
    '2025-11-24T16:00:00.000Z',
    '2025-11-24T16:00:00.001Z',
  ]);
});

test('of more than a thousand targets, those that are not accepted come first, and the rest is counted', () => {
  const many = Array.from({ length: 1_500 }, (_, at) => ({
    label: `https://${at}.test/`,
    outcome: 'accepted' as const,
  }));
  const refused = { label: 'https://last.test/', outcome: 'rejected' as const };
  const status = describeAgent({ ...standing, targets: [...many, refused] }, around);
  validate(status);
  expect(validate.errors).toBeNull();
  expect(status).toMatchObject({ verdict: 'troubled', targetsOmitted: 501 });
  expect(status.targets).toHaveLength(1_000);
  expect(status.targets[0]).toEqual(refused);
});

test('a refused one beyond the thousand is not forgotten by the verdict', () => {
  const refused = Array.from({ length: 1_001 }, () => ({
    label: 'https://gateway.test/',
    outcome: 'failed' as const,
  }));
  const unseen = { label: 'https://unseen.test/' };
  const { findings } = describeAgent({ ...standing, targets: [...refused, unseen] }, around);
  expect(findings).toEqual(['target-not-accepted', 'target-not-seen']);
});

test.for([
  [{ durable: false }, { reason: 'not-writable' }],
  [
    { durable: false, reason: { code: 'not-writable', error: 'EROFS' } },
    { reason: 'not-writable', error: 'EROFS' },
  ],
] as const)('a state that is not kept (%j) says why', ([state, expected]) => {
  const status = describeAgent({ ...standing, state: { ...state, isLocked: false } }, around);
  expect(status.state).toEqual({ directory: root, durable: false, ...expected });
  expect(status.findings).toEqual(['state-not-kept']);
});

test('a disk that takes nothing now is told, for what is in memory ends with the agent', () => {
  const status = describeAgent({ ...standing, isHolding: true }, around);
  expect(status.state).toEqual({
    directory: root,
    durable: false,
    reason: 'disk-takes-nothing',
  });
  expect(status.findings).toEqual(['state-not-kept']);
});

test('since when is when the first look began that came to the same', () => {
  const looks = [
    [accepted, 1],
    [accepted, 2],
    [changed, 3],
    [changed, 4],
    [accepted, 5],
  ] as const;
  let known: ReturnType<typeof nextStanding> | undefined;
  const since = looks.map(([report, second]) => {
    const evidence = { ...report, time: `2026-11-23T14:00:0${second}.000Z` };
    known = nextStanding(known, { evidence, diagnosis: report });
    return Number(known.since.slice(17, 19));
  });
  expect(since).toEqual([1, 1, 3, 3, 5]);
});

test('a target has a cause exactly where it is not accepted, and none of its evidence', () => {
  const rhythm = { attempts: 1, nextLookAt: '2026-11-23T14:00:00.000Z' };
  const of = (report: Report) =>
    targetStatus(nextStanding(undefined, { evidence: report, diagnosis: report }), rhythm);
  expect(targetStatus(undefined, rhythm)).toEqual(rhythm);
  expect(of(accepted)).not.toHaveProperty('cause');
  expect(of(accepted)).toMatchObject({ lastAcceptedAt: accepted.time });
  const { cause, layer } = changed;
  const { code, title, side, confidence, remedy } = cause ?? {};
  expect(of(changed)).toMatchObject({
    layer,
    cause: { code, title, side, confidence, remedy },
  });
  expect(of({ ...changed, cause: null }).cause).toBeNull();
});

function listening(directory: string, state: AgentStanding['state'], warned: unknown[]) {
  return openStatus({ standing: () => ({ ...standing, directory, state }) }, () => ({}), {
    clock: systemClock,
    log: { info: () => undefined, warn: (message, facts) => void warned.push([message, facts]) },
  });
}

test('the agent answers from its directory, and is no longer there after its end', async () => {
  const door = await listening(root, { durable: true, isLocked: true }, []);
  const status = await askStatus(root, systemClock);
  expect(status?.agent).toMatchObject({ pid: process.pid, version: '0.1.0' });
  await door.close();
  expect(await askStatus(root, systemClock)).toBeUndefined();
});

test('without a lock of its own it takes no place in the directory', async () => {
  const warned: unknown[] = [];
  const names = readdirSync(root);
  const door = await listening(root, { durable: false, isLocked: false }, warned);
  expect(readdirSync(root)).toEqual(names);
  // It is asked where its user has a place of its own.
  expect((await askStatus(root, systemClock))?.state).toMatchObject({ durable: false });
  await door.close();
  expect(await askStatus(root, systemClock)).toBeUndefined();
  expect(warned).toEqual([]);
});

test('where there can be no socket the agent goes on, and its log says so', async () => {
  const directory = join(root, 'taken');
  mkdirSync(directory);
  writeFileSync(join(directory, 'agent.sock'), '');
  const warned: unknown[] = [];
  const door = await listening(directory, { durable: true, isLocked: true }, warned);
  await door.close();
  expect(warned).toEqual([['sidelight status cannot ask this agent', { code: 'EEXIST' }]]);
});
