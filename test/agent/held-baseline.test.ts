/** The last accepted evidence in memory, and when it goes to disk. */
import { expect, test } from 'vitest';
import { holdBaseline } from '../../src/agent/held-baseline.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';

const evidence = (time: string): Evidence => ({ time }) as Evidence;
const change = { what: 'tls.version', before: '1.3', now: '1.2' };

function held(kept?: Evidence) {
  const written: string[] = [];
  let nowMs = 1_000;
  let reads = 0;
  const baseline = holdBaseline(
    { monotonicMs: () => nowMs },
    () => {
      reads += 1;
      return kept && { evidence: kept };
    },
    ({ time }) => void written.push(time),
  );
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { ...baseline, written, pass, reads: () => reads };
}

test('what was kept is read once, and what was accepted since counts for more', () => {
  const { get, accept, reads } = held(evidence('old'));
  expect(get()?.evidence.time).toBe('old');
  expect(get()?.evidence.time).toBe('old');
  accept(evidence('new'), []);
  expect(get()?.evidence.time).toBe('new');
  expect(reads()).toBe(1);
});

test('without anything kept there is no baseline, and nothing to write', () => {
  const { get, settle, written } = held();
  expect(get()).toBeUndefined();
  settle();
  expect(written).toEqual([]);
});

test('the first acceptance of a life is written at once, and one that differs', () => {
  const { accept, written } = held(evidence('old'));
  accept(evidence('1'), []);
  accept(evidence('2'), []);
  accept(evidence('3'), [change]);
  expect(written).toEqual(['1', '3']);
});

test('acceptance that stays the same is written every five minutes', () => {
  const { accept, written, pass } = held();
  accept(evidence('1'), undefined);
  pass(299_999);
  accept(evidence('2'), []);
  pass(1);
  accept(evidence('3'), []);
  accept(evidence('4'), []);
  expect(written).toEqual(['1', '3']);
});

test('settling writes what is not on disk yet, once', () => {
  const { accept, settle, written } = held();
  accept(evidence('1'), undefined);
  accept(evidence('2'), []);
  settle();
  settle();
  expect(written).toEqual(['1', '2']);
});
