import { expect, test } from 'vitest';
import { probeNow } from '../../src/agent/probe-now.ts';
import { systemClock } from '../../src/base/clock.ts';

const minuteMs = 60_000;

function asking() {
  let nowMs = 0;
  let looks = 0;
  const told: string[] = [];
  const delays: number[] = [];
  const asked = probeNow({
    clock: {
      ...systemClock,
      monotonicMs: () => nowMs,
      after: (delayMs, callback) => {
        delays.push(delayMs);
        callback();
        return () => {};
      },
    },
    random: { fraction: () => 0.5, bytes: () => new Uint8Array() },
    log: { info: (message) => told.push(message), warn: (message) => told.push(message) },
    look: () => {
      looks += 1;
    },
  });
  return {
    ...asked,
    told,
    delays,
    looks: () => looks,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('one look a minute is made, however often home asks', () => {
  const home = asking();
  for (let i = 0; i < 1_000; i += 1) home.asked();
  expect(home.looks()).toBe(1);
  expect(home.ignored()).toBe(999);
  home.pass(minuteMs - 1);
  home.asked();
  expect(home.looks()).toBe(1);
  home.pass(1);
  home.asked();
  expect(home.looks()).toBe(2);
});

test('ten looks an hour are made, and the first of the next hour again', () => {
  const home = asking();
  for (let minute = 0; minute < 60; minute += 1) {
    home.asked();
    home.pass(minuteMs);
  }
  expect(home.looks()).toBe(10);
  home.asked();
  expect(home.looks()).toBe(11);
});

test('each look comes a little later, for the sake of a fleet', () => {
  const home = asking();
  home.asked();
  expect(home.delays).toEqual([1_000]);
});

test('a home that asks without end fills no log', () => {
  const home = asking();
  for (let i = 0; i < 1_000; i += 1) home.asked();
  expect(home.told).toHaveLength(2);
});
