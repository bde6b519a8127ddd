/** Which event a report is. */
import { expect, test } from 'vitest';
import {
  type EventCode,
  eventCodeOf,
  eventCodes,
  events,
  severities,
} from '../../src/report/event.ts';
import { corpus } from './corpus.ts';

const expected: Readonly<Record<string, EventCode>> = {
  accepted: 'target-accepted',
  'accepted-with-warnings': 'target-accepted',
  'client-ca-changed': 'target-still-failing',
  'not-configured': 'target-rejected',
  expired: 'target-rejected',
  'closed-after-flight': 'target-rejected',
  'refused-at-hello': 'target-failed',
  'server-untrusted': 'target-failed',
  'name-not-found': 'target-failed',
  'file-missing': 'credential-unusable',
  unconfirmed: 'target-unconfirmed',
  heartbeat: 'heartbeat',
  'reports-lost': 'reports-lost',
  recovered: 'target-recovered',
  'server-certificate-renewed': 'server-certificate-changed',
  'authorities-changed': 'authorities-changed',
  'no-longer-asked': 'certificate-request-changed',
  'client-certificate-renewed': 'client-certificate-changed',
  'certificate-expiring': 'certificate-expiring',
  'warning-raised': 'warning-raised',
  'new-credential-broken': 'new-credential-broken',
  'new-credential-warned': 'new-credential-warned',
};

test.for(Object.entries(expected))('%s is %s', ([name, code]) => {
  expect(eventCodeOf(corpus[name]!)).toBe(code);
});

test('every event of the dictionary is some report', () => {
  const told = new Set(Object.values(corpus).map(eventCodeOf));
  expect(eventCodes.filter((code) => !told.has(code))).toEqual([]);
});

test.for(eventCodes)('%s is a name that every format can carry', (code) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(code.length).toBeLessThanOrEqual(32);
  expect(severities).toContain(events[code].severity);
  expect(events[code].title).not.toMatch(/\.$/);
  expect(events[code].when).toMatch(/^[A-Z].*\.$/);
});

test('a recovery is told as one, whatever else changed with it', () => {
  const renewed = corpus['server-certificate-renewed']!;
  const attempt = { ...renewed.attempt, failedSince: '2026-11-23T13:00:00.000Z' };
  expect(eventCodeOf({ ...renewed, attempt })).toBe('target-recovered');
});

test('of several changes the gravest names the event', () => {
  const [renewed, named] = [corpus['server-certificate-renewed']!, corpus['authorities-changed']!];
  const changes = [...(renewed.changes ?? []), ...(named.changes ?? [])];
  expect(eventCodeOf({ ...renewed, changes })).toBe('authorities-changed');
});

test('what changed since acceptance does not hide that the gateway refuses', () => {
  const { event: _, ...refused } = corpus['client-ca-changed']!;
  expect(refused.changes).not.toEqual([]);
  expect(eventCodeOf(refused)).toBe('target-rejected');
});

test('a change of state is told before reports that were lost, which wait for the next heartbeat', () => {
  const lost = corpus['reports-lost']!;
  expect(eventCodeOf({ ...lost, event: 'state-changed' })).toBe('target-accepted');
});
