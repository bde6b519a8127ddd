/** Sessions end by themselves, are never too many, and cannot be guessed; logins have a pace. */
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { LoginPace } from '../../../src/home/page/login-pace.ts';
import { Sessions } from '../../../src/home/page/sessions.ts';

const minute = 60_000;

function movingClock(): Clock & { move(ms: number): void } {
  let nowMs = 0;
  return {
    ...systemClock,
    monotonicMs: () => nowMs,
    move: (ms) => {
      nowMs += ms;
    },
  };
}

const limits = { sessions: 3, maxAgeMs: 60 * minute, maxIdleMs: 20 * minute };

function openSessions() {
  const clock = movingClock();
  const known = new Map([['good', 'ops']]);
  const sessions = new Sessions((token) => known.get(token), clock, systemRandom, limits);
  const open = () => sessions.open('good') ?? '';
  return { clock, known, sessions, open };
}

test('a session is 256 random bits, and knows its operator', () => {
  const { sessions, open } = openSessions();
  const ids = [open(), open()];
  for (const id of ids) expect(Buffer.from(id, 'base64url')).toHaveLength(32);
  expect(ids[0]).not.toBe(ids[1]);
  expect(ids.map((id) => sessions.find(id)?.name)).toEqual(['ops', 'ops']);
  expect(sessions.open('bad')).toBeUndefined();
  expect(sessions.find('guessed')).toBeUndefined();
});

test('it ends when it is old, when it is idle, when it is ended, and when its token is no longer good', () => {
  const { clock, known, sessions, open } = openSessions();
  const id = open();
  for (let used = 0; used < 6; used += 1) {
    clock.move(10 * minute);
    expect(sessions.find(id)?.name).toBe('ops');
  }
  clock.move(1);
  expect(sessions.find(id)).toBeUndefined();
  const idle = open();
  clock.move(20 * minute + 1);
  expect(sessions.find(idle)).toBeUndefined();
  const ended = open();
  sessions.end(ended);
  expect(sessions.find(ended)).toBeUndefined();
  const revoked = open();
  known.clear();
  expect(sessions.find(revoked)).toBeUndefined();
  expect(sessions.size).toBe(0);
});

test('of too many, the longest unused ends', () => {
  const { sessions, open } = openSessions();
  const [first, second, third] = [open(), open(), open()] as const;
  sessions.find(first);
  const fourth = open();
  expect([first, second, third, fourth].map((id) => sessions.find(id) !== undefined)).toEqual([
    ...[true, false, true, true],
  ]);
});

test('the token of its forms is its own, and not another process’s', () => {
  const { sessions, open } = openSessions();
  const [one, other] = [open(), open()];
  const tokens = [one, other].map((id) => sessions.find(id)?.formToken);
  expect(tokens[0]).not.toBe(tokens[1]);
  expect(sessions.find(one)?.formToken).toBe(tokens[0]);
  expect(openSessions().sessions.formTokenOf(one)).not.toBe(tokens[0]);
});

test('ten logins at once and then one in six seconds, for each network by itself', () => {
  const clock = movingClock();
  const pace = new LoginPace(clock);
  const tries = (network: string, count: number) =>
    Array.from({ length: count }, () => pace.take(network)).filter((waitMs) => waitMs === 0).length;
  expect(tries('a', 20)).toBe(10);
  expect(pace.take('a')).toBe(6_000);
  expect(tries('b', 20)).toBe(10);
  clock.move(6_000);
  expect(tries('a', 20)).toBe(1);
  pace.giveBack('a');
  expect(tries('a', 20)).toBe(1);
});

test('many networks together have a pace as well, and are not all remembered', () => {
  const clock = movingClock();
  const pace = new LoginPace(clock);
  const waits = Array.from({ length: 5_000 }, (_, index) => pace.take(`network-${index}`));
  expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(100);
});
