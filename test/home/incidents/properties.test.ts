/** What holds for the incidents whatever is reported, in whatever order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../../src/home/incidents/incident.ts';
import { type IncidentState, makeIncidentState } from '../../../src/home/incidents/state.ts';
import { openIncidents, step } from '../../../src/home/incidents/step.ts';
import {
  clientCaChanged,
  expired,
  hour,
  issuerNotAccepted,
  minute,
  noon,
  pass,
  type Said,
  say,
  second,
  tcpTimeout,
} from './sightings.ts';

const size = 40;
const accountOf = (index: number): string => `account-${index % 4}`;
const causes = [undefined, clientCaChanged, issuerNotAccepted, expired, tcpTimeout] as const;

const word = fc.record({
  index: fc.nat({ max: size - 1 }),
  cause: fc.constantFrom(...causes),
  afterMs: fc.nat({ max: 3 * minute }),
  /** The agent's clock against ours. */
  skewMs: fc.integer({ min: -5 * hour, max: 5 * hour }),
  failingForMs: fc.nat({ max: 2 * hour }),
  server: fc.constantFrom('1', '2'),
  sequence: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
});
type Word = typeof word extends fc.Arbitrary<infer Value> ? Value : never;

function knownFleet(account = accountOf): IncidentState {
  const state = makeIncidentState();
  for (let index = 0; index < size; index += 1) {
    say(state, index, noon - hour, { account: account(index), event: 'heartbeat' });
    say(state, index, noon - second, { account: account(index), event: 'heartbeat' });
  }
  return state;
}

function saidBy(
  { cause, failingForMs, server, sequence, index, skewMs }: Word,
  atMs: number,
): Said {
  return {
    account: accountOf(index),
    timeMs: atMs + skewMs,
    serverSha256: server.repeat(64),
    ...(cause && { cause, failingForMs }),
    ...(sequence !== undefined && { sequence }),
  };
}

function play(state: IncidentState, words: readonly Word[]) {
  const events: IncidentEvent[] = [];
  let nowMs = noon;
  for (const each of words) {
    const untilMs = nowMs + each.afterMs;
    for (; nowMs < untilMs; nowMs += 10 * second) {
      events.push(...step(state, { kind: 'tick', nowMs }));
    }
    nowMs = untilMs;
    events.push(...say(state, each.index, nowMs, saidBy(each, nowMs)));
  }
  return { events, nowMs };
}

test('every incident that opens is closed once all have recovered', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 120 }), (words) => {
      const state = knownFleet();
      const { events, nowMs } = play(state, words);
      const after: IncidentEvent[] = [];
      for (let index = 0; index < size; index += 1) {
        const atMs = nowMs + minute;
        // Two, for the first may seem to be older than what was said last.
        after.push(...say(state, index, atMs, { account: accountOf(index) }));
        after.push(
          ...say(state, index, atMs, { account: accountOf(index), timeMs: atMs + 6 * hour }),
        );
      }
      after.push(...pass(state, nowMs + minute, nowMs + 5 * minute));
      expect(openIncidents(state)).toEqual([]);
      const all = [...events, ...after];
      expect(idsOf(all, 'opened').length).toBe(idsOf(all, 'closed').length);
    }),
    { numRuns: 60 },
  );
});

test('of one target, kind and scope no two incidents are open at once, and each delegate is part of one at most', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 120 }), (words) => {
      const state = knownFleet();
      const open = new Set<string>();
      for (const event of play(state, words).events) {
        if (event.kind !== 'opened' && event.kind !== 'closed') continue;
        const { target, kind, scope, signature } = event.incident;
        const key = JSON.stringify([target, kind, scope, kind === 'delegates' && signature.cause]);
        expect(open.has(key)).toBe(event.kind === 'closed');
        if (event.kind === 'opened') open.add(key);
        else open.delete(key);
      }
      const affected = openIncidents(state).reduce((sum, each) => sum + each.affected, 0);
      expect(affected).toBeLessThanOrEqual(size);
    }),
    { numRuns: 60 },
  );
});

test('the order in which delegates speak within a moment makes no difference', () => {
  const failing = fc.uniqueArray(fc.nat({ max: size - 1 }), { minLength: 1, maxLength: size });
  fc.assert(
    fc.property(failing, fc.nat(), (indexes, seed) => {
      const outcomes = [indexes, shuffled(indexes, seed)].map((order) => {
        const state = knownFleet(() => 'acme');
        for (const index of order) {
          say(state, index, noon, { account: 'acme', cause: clientCaChanged });
        }
        pass(state, noon, noon + 2 * minute);
        return openIncidents(state).map(({ scope, affected, signature }) => ({
          scope,
          affected,
          signature,
        }));
      });
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns: 100 },
  );
});

test('an incident counts exactly those of the fleet that say so', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 120 }), (words) => {
      const state = knownFleet();
      play(state, words);
      for (const { id, affected } of openIncidents(state)) {
        const standings = [...state.fleet.delegates()].flatMap((each) => [
          ...each.standings.values(),
        ]);
        const members = standings.filter(({ incidentId }) => incidentId === id);
        expect(members.length).toBe(affected);
        expect(members.every(({ outcome, fault }) => outcome !== 'accepted' && fault)).toBe(true);
      }
      const [glance] = state.fleet.glance().targets;
      expect(glance).toMatchObject({ known: size, silent: 0 });
    }),
    { numRuns: 60 },
  );
});

test('strangers who say something else each time fill nothing without bounds', () => {
  const state = makeIncidentState({ maxStandings: 2_000 });
  for (let n = 0; n < 20_000; n += 1) {
    say(state, n % 5_000, noon + n * 10, {
      cause: { ...expired, code: `cause-${n}` },
      serverSha256: n.toString(16).padStart(64, '0'),
      account: `account-${n % 3_000}`,
      target: `https://gateway-${n % 7}.example/`,
    });
    if (n % 100 === 0) step(state, { kind: 'tick', nowMs: noon + n * 10 });
  }
  const watches = [...state.fleet.watches()];
  const crowds = watches.reduce((sum, { crowds }) => sum + crowds.size, 0);
  const faults = watches.reduce((sum, { faults }) => sum + faults.size, 0);
  expect([...state.fleet.delegates()].length).toBeLessThanOrEqual(2_000);
  expect(crowds).toBeLessThanOrEqual(8 * 257);
  expect(faults).toBeLessThanOrEqual(8 * 1_030);
  for (const incident of openIncidents(state)) {
    expect(JSON.stringify(incident).length).toBeLessThan(64 * 1024);
  }
});

function idsOf(events: readonly IncidentEvent[], kind: 'opened' | 'closed'): readonly string[] {
  return events.flatMap((event) => (event.kind === kind ? [event.incident.id] : []));
}

function shuffled(indexes: readonly number[], seed: number): readonly number[] {
  return indexes
    .map((index) => ({ index, rank: Math.imul(index + 1, 2 * seed + 1) >>> 0 }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ index }) => index);
}
