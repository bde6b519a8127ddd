/** Tests of the incidents as a whole: what is said, by how many, and what is told of it. */
import { expect, test } from 'vitest';
import type { Incident, IncidentEvent } from '../../../src/home/incidents/incident.ts';
import { type IncidentState, makeIncidentState } from '../../../src/home/incidents/state.ts';
import { openIncidents, step } from '../../../src/home/incidents/step.ts';
import {
  clientCaChanged,
  expired,
  hour,
  issuerNotAccepted,
  kinds,
  minute,
  noon,
  pass,
  type Said,
  say,
  second,
  target,
  tcpTimeout,
} from './sightings.ts';

/** A fleet that has been known and accepted for an hour; ten to an account unless told otherwise. */
function fleetOf(size: number, accountOf = (index: number) => `account-${Math.floor(index / 10)}`) {
  const state = makeIncidentState();
  for (let index = 0; index < size; index += 1) {
    say(state, index, noon - hour, { account: accountOf(index), event: 'heartbeat' });
    say(state, index, noon - 1, { account: accountOf(index), event: 'heartbeat' });
  }
  step(state, { kind: 'tick', nowMs: noon });
  const speak = (index: number, atMs: number, said?: Said) =>
    say(state, index, atMs, { account: accountOf(index), ...said });
  return { state, speak };
}

function incidentOf(event: IncidentEvent | undefined): Incident {
  if (event && 'incident' in event) return event.incident;
  throw new Error('no event of an incident');
}

function firstOpened(events: readonly IncidentEvent[]): Incident {
  return incidentOf(events.find(({ kind }) => kind === 'opened'));
}

test('the hundredth of ten thousand opens the incident, and the ninety-ninth does not', () => {
  const { speak } = fleetOf(10_000);
  const events = Array.from({ length: 100 }, (_, n) =>
    speak(n * 97, noon + n * 50, { cause: clientCaChanged }),
  );
  expect(events.slice(0, 99).flat()).toEqual([]);
  const incident = firstOpened(events[99] ?? []);
  expect(incident).toMatchObject({
    kind: 'gateway',
    scope: { kind: 'target' },
    state: 'open',
    side: 'gateway',
    confidence: 'certain',
    title: clientCaChanged.title,
    affected: 100,
    known: 10_000,
    share: 0.01,
    firstMs: noon,
    lastGoodMs: noon - 1,
    openedMs: noon + 99 * 50,
    signature: {
      target,
      cause: 'gateway-client-ca-changed',
      alert: { direction: 'received', code: 48 },
      serverSha256: 'd'.repeat(64),
      authoritiesSha256: 'a'.repeat(64),
    },
  });
});

test('an incident is closed once recovery has held, and says what it was', () => {
  const { state, speak } = fleetOf(20);
  const opened = [0, 5, 11, 17].flatMap((n) => speak(n, noon + n, { cause: clientCaChanged }));
  const recovered = [0, 5, 11, 17].flatMap((n) => speak(n, noon + minute + n));
  const before = pass(state, noon + minute, noon + 3 * minute - second);
  const events = pass(state, noon + 3 * minute, noon + 4 * minute);
  expect(kinds(opened)).toEqual(['opened']);
  expect(recovered).toEqual([]);
  expect(kinds(before)).toEqual(['updated']);
  expect(kinds(events)).toEqual(['closed']);
  expect(incidentOf(events[0])).toMatchObject({
    id: firstOpened(opened).id,
    state: 'closed',
    closedBecause: 'recovered',
    affected: 0,
    peak: 4,
    signature: { cause: 'gateway-client-ca-changed' },
    timeline: [{ what: 'opened' }, { what: 'shrank' }, { what: 'closed' }],
  });
  expect(openIncidents(state)).toEqual([]);
});

test('what fails again soon after goes on as the same incident', () => {
  const { state, speak } = fleetOf(20);
  const first = [0, 5, 11].flatMap((n) => speak(n, noon + n, { cause: clientCaChanged }));
  for (const n of [0, 5, 11]) speak(n, noon + minute);
  pass(state, noon + minute, noon + 5 * minute);
  const again = [2, 7, 13].flatMap((n) =>
    speak(n, noon + 6 * minute + n, { cause: clientCaChanged }),
  );
  expect(kinds(again)).toEqual(['opened']);
  expect(firstOpened(again)).toMatchObject({
    id: firstOpened(first).id,
    state: 'open',
    reopenings: 1,
    firstMs: noon,
  });
  expect(firstOpened(again)).not.toHaveProperty('closedMs');
});

test('what fails again much later is another incident', () => {
  const { state, speak } = fleetOf(20);
  const first = [0, 5, 11].flatMap((n) => speak(n, noon + n, { cause: clientCaChanged }));
  for (const n of [0, 5, 11]) speak(n, noon + minute);
  pass(state, noon + minute, noon + 30 * minute);
  const again = [2, 7, 13].flatMap((n) => speak(n, noon + hour + n, { cause: clientCaChanged }));
  expect(firstOpened(again).id).not.toBe(firstOpened(first).id);
});

const fewest: readonly (readonly [size: number, failing: number, opens: boolean])[] = [
  [1, 1, false],
  [2, 1, false],
  [2, 2, true],
  [3, 2, false],
  [3, 3, true],
  [50, 2, false],
  [50, 3, true],
  [1_000, 9, false],
  [1_000, 10, true],
];

test.for(fewest)('of %i delegates, %i that fail are an incident: %s', ([size, failing, opens]) => {
  const { speak } = fleetOf(size, () => 'acme');
  const events = Array.from({ length: failing }, (_, n) =>
    speak(n, noon + n, { cause: clientCaChanged }),
  ).flat();
  expect(kinds(events)).toEqual(opens ? ['opened'] : []);
});

test('a fleet that has only begun to report is not judged by its first two', () => {
  const state = makeIncidentState();
  const events = [0, 1].flatMap((n) => say(state, n, noon + n, { cause: clientCaChanged }));
  expect(events).toEqual([]);
});

test('many nodes and stacks that fail at once are one incident, led by what is surest', () => {
  const { state, speak } = fleetOf(300);
  const words: readonly Said[] = [
    { cause: clientCaChanged, serverSha256: '1'.repeat(64) },
    { cause: clientCaChanged, serverSha256: '2'.repeat(64) },
    { cause: issuerNotAccepted, alert: { direction: 'received', code: 42 } },
    { cause: { ...clientCaChanged, code: 'gateway-refuses-every-client', confidence: 'likely' } },
    { cause: { ...clientCaChanged, code: 'http-no-answer' }, outcome: 'failed', layer: 'http' },
  ];
  const events = Array.from({ length: 200 }, (_, n) =>
    speak(n, noon + n * 20, words[n % words.length]),
  ).flat();
  expect(kinds(events)).toEqual(['opened']);
  const [incident] = openIncidents(state);
  expect(incident).toMatchObject({ affected: 200, signature: { cause: clientCaChanged.code } });
  expect(incident?.variants.map(({ affected }) => affected)).toEqual([40, 40, 40, 40, 40]);
});

test('single expired certificates, one after another, are nobody else’s trouble', () => {
  const { state, speak } = fleetOf(200);
  const events = Array.from({ length: 60 }, (_, n) => [
    ...speak(n, noon + n * 10 * minute, { cause: expired }),
    ...speak(100, noon + n * 10 * minute),
  ]).flat();
  expect(events).toEqual([]);
  expect(openIncidents(state)).toEqual([]);
});

test('the same fault of their own that befalls many at once is an incident of the delegates', () => {
  const { speak } = fleetOf(200);
  const events = [3, 33, 63].flatMap((n) => speak(n, noon + n, { cause: expired }));
  expect(firstOpened(events)).toMatchObject({ kind: 'delegates', side: 'delegate' });
});

test('an office that is offline is its account’s incident, not the gateway’s', () => {
  const { state, speak } = fleetOf(400, (index) => `account-${Math.floor(index / 40)}`);
  const said = { cause: tcpTimeout, outcome: 'failed', layer: 'tcp' } as const;
  const first = Array.from({ length: 40 }, (_, n) => speak(80 + n, noon + n * 500, said)).flat();
  const later = pass(state, noon + 20 * second, noon + 2 * minute);
  expect(first).toEqual([]);
  expect(kinds(later)).toEqual(['opened']);
  expect(firstOpened(later)).toMatchObject({
    kind: 'way',
    side: 'network',
    scope: { kind: 'account', account: 'account-2' },
    affected: 40,
    known: 40,
    share: 1,
  });
});

test('what began in one account and reaches everybody becomes one incident', () => {
  const { state, speak } = fleetOf(400, (index) => `account-${Math.floor(index / 40)}`);
  const said = { cause: tcpTimeout, outcome: 'failed', layer: 'tcp' } as const;
  for (let n = 0; n < 30; n += 1) speak(80 + n, noon + n * 500, said);
  const [one] = openIncidents(state);
  expect(one).toBeUndefined();
  const account = firstOpened(pass(state, noon + 15 * second, noon + 2 * minute));
  const events = Array.from({ length: 26 }, (_, n) =>
    speak((n * 41) % 400, noon + 3 * minute + n, said),
  ).flat();
  expect(kinds(events)).toEqual(['closed', 'opened']);
  expect(incidentOf(events[0])).toMatchObject({
    id: account.id,
    closedBecause: 'merged',
    mergedInto: firstOpened(events).id,
  });
  expect(openIncidents(state)).toMatchObject([{ scope: { kind: 'target' } }]);
  expect(openIncidents(state)[0]?.affected).toBeGreaterThan(30);
});

test('reports of an outage that come when it is over are no incident', () => {
  const { state, speak } = fleetOf(60);
  const said = { cause: tcpTimeout, outcome: 'failed', layer: 'tcp' } as const;
  const events = Array.from({ length: 20 }, (_, n) => [
    ...speak(n, noon + 2 * hour, { ...said, timeMs: noon + n * second }),
    ...speak(n, noon + 2 * hour, { timeMs: noon + 2 * hour - minute }),
  ]).flat();
  expect([...events, ...pass(state, noon + 2 * hour, noon + 2 * hour + 5 * minute)]).toEqual([]);
});

test('a late report that nothing newer follows counts after a while', () => {
  const { state, speak } = fleetOf(60);
  const events = [1, 21, 41].flatMap((n) =>
    speak(n, noon + hour, { cause: clientCaChanged, timeMs: noon + n }),
  );
  expect(events).toEqual([]);
  expect(kinds(pass(state, noon + hour, noon + hour + minute))).toEqual(['opened']);
});

test('clocks that are wrong by hours change nothing', () => {
  const skewOf = (index: number) => ((index % 3) - 1) * 5 * hour;
  const state = makeIncidentState();
  for (let index = 0; index < 60; index += 1) {
    for (const atMs of [noon - 2 * hour, noon - hour, noon - minute]) {
      say(state, index, atMs, { timeMs: atMs + skewOf(index), event: 'heartbeat' });
    }
  }
  const events = [0, 1, 2].flatMap((n) =>
    say(state, n, noon + n, {
      cause: clientCaChanged,
      timeMs: noon + skewOf(n),
      failingForMs: 0,
      acceptedAgoMs: minute,
    }),
  );
  expect(firstOpened(events)).toMatchObject({
    affected: 3,
    firstMs: noon,
    lastGoodMs: noon - minute + 2,
  });
});

test('a report that comes again, or after a newer one, says nothing', () => {
  const { state, speak } = fleetOf(20);
  for (const n of [1, 2, 13]) speak(n, noon + n, { cause: clientCaChanged, sequence: 7 });
  for (const n of [1, 2, 13]) speak(n, noon + n + 10, { timeMs: noon - second, sequence: 6 });
  expect(openIncidents(state)[0]?.affected).toBe(3);
});

test('updates tell of growth and of a while, and not more often than allowed', () => {
  const { state, speak } = fleetOf(1_000);
  for (let n = 0; n < 10; n += 1) speak(n * 11, noon, { cause: clientCaChanged });
  const growing: IncidentEvent[] = [];
  for (let n = 10; n < 90; n += 1) {
    growing.push(...speak(n * 11, noon + n * 500, { cause: clientCaChanged }));
    growing.push(...step(state, { kind: 'tick', nowMs: noon + n * 500 }));
  }
  const told = growing.flatMap((event) =>
    event.kind === 'updated' ? [event.incident.affected] : [],
  );
  expect(told).toEqual([20, 40, 80]);
  const still = pass(state, noon + 45 * second, noon + 150 * minute);
  expect(still.length).toBeGreaterThan(3);
  expect(still.length).toBeLessThan(7);
});

test('a single silent delegate is told, and that it is back', () => {
  const { state, speak } = fleetOf(20);
  for (let beat = 1; beat <= 10; beat += 1) {
    for (let n = 0; n < 20; n += 1) {
      if (n !== 4) speak(n, noon + beat * 5 * minute, { event: 'heartbeat' });
    }
  }
  const rhythm = { event: 'heartbeat' } as const;
  // Its rhythm was an hour so far.
  const told: IncidentEvent[] = [];
  for (let beat = 11; beat <= 60; beat += 1) {
    const atMs = noon + beat * 5 * minute;
    for (let n = 0; n < 20; n += 1) if (n !== 4) told.push(...speak(n, atMs, rhythm));
    told.push(...pass(state, atMs, atMs + 4 * minute));
  }
  expect(kinds(told)).toEqual(['delegate-silent']);
  expect(told[0]).toMatchObject({
    delegate: { name: 'delegate-4' },
    rhythmMs: hour - 1,
    lastSeenMs: noon - 1,
  });
  const back = speak(4, noon + 305 * minute);
  expect(back).toMatchObject([{ kind: 'delegate-back', silentMs: 305 * minute + 1 }]);
});

test('an incident whose delegates are gone when it closes says of how many its peak was', () => {
  const { state, speak } = fleetOf(20);
  const opened = [0, 5, 11, 17].flatMap((n) => speak(n, noon + n, { cause: clientCaChanged }));
  for (const n of [0, 5, 11, 17]) speak(n, noon + minute + n);
  const everybodySilent = pass(state, noon + minute, noon + 10 * minute);
  const closed = incidentOf(everybodySilent.find(({ kind }) => kind === 'closed'));
  expect(closed).toMatchObject({ id: firstOpened(opened).id, peak: 4, known: 20, affected: 0 });

  const gone = fleetOf(20);
  for (let n = 0; n < 20; n += 1) gone.speak(n, noon + n, { cause: clientCaChanged });
  const events = pass(gone.state, noon + hour, noon + 30 * hour);
  const last = incidentOf(
    events.findLast((event) => event.kind === 'closed' && event.incident.kind === 'gateway'),
  );
  expect(last).toMatchObject({ peak: 20, known: 20 });
});

test('many that fall silent were last good when the first of them was heard last', () => {
  const { state } = fleetOf(20);
  const events = pass(state, noon + second, noon + 5 * hour);
  expect(firstOpened(events)).toMatchObject({
    kind: 'silence',
    firstMs: noon - 1,
    lastGoodMs: noon - 1,
  });
});

test('an account that falls silent is one incident, and no single delegate of it is told', () => {
  const { state, speak } = fleetOf(60);
  const told: IncidentEvent[] = [];
  for (let beat = 1; beat <= 60; beat += 1) {
    const atMs = noon + beat * 5 * minute;
    for (let n = 10; n < 60; n += 1) told.push(...speak(n, atMs, { event: 'heartbeat' }));
    told.push(...pass(state, atMs, atMs + 4 * minute));
  }
  expect(kinds(told).filter((kind) => kind !== 'updated')).toEqual(['opened']);
  expect(firstOpened(told)).toMatchObject({
    kind: 'silence',
    target: '*',
    scope: { kind: 'account', account: 'account-0' },
    affected: 10,
    signature: { cause: 'delegates-silent' },
  });
});

test('a delegate that comes back under another identity is not missed', () => {
  const { state, speak } = fleetOf(20);
  const told: IncidentEvent[] = [];
  speak(104, noon + minute, { name: 'delegate-4', account: 'account-0' });
  for (let beat = 1; beat <= 60; beat += 1) {
    const atMs = noon + beat * 5 * minute;
    for (let n = 0; n < 20; n += 1)
      if (n !== 4) told.push(...speak(n, atMs, { event: 'heartbeat' }));
    told.push(
      ...speak(104, atMs, { name: 'delegate-4', account: 'account-0', event: 'heartbeat' }),
    );
    told.push(...pass(state, atMs, atMs + 4 * minute));
  }
  expect(told).toEqual([]);
});

test('numbers that never arrive are told, and those that come late are not', () => {
  const state = makeIncidentState();
  for (const sequence of [4, 5, 8, 7]) say(state, 1, noon + sequence, { sequence });
  for (const sequence of [1, 3, 2]) say(state, 2, noon + sequence, { sequence });
  expect(pass(state, noon, noon + 2 * minute)).toMatchObject([
    { kind: 'gap', delegate: { name: 'delegate-1' }, first: 6, last: 7, missing: 1 },
  ]);
});

test('in a full fleet whoever was not heard longest makes room, never the newcomer', () => {
  const state: IncidentState = makeIncidentState({ maxStandings: 10 });
  for (let n = 0; n < 100; n += 1) {
    say(state, n, noon + n);
    // Number 0 goes on reporting.
    say(state, 0, noon + n, { sequence: n + 1 });
  }
  const kept = [...state.fleet.delegates()].map(({ seen }) => seen.name);
  expect(kept.toSorted()).toEqual(
    ['delegate-0', 'delegate-96', 'delegate-97', 'delegate-98', 'delegate-99'].toSorted(),
  );
  expect(state.fleet.glance().targets).toMatchObject([{ target, known: 5, accepted: 5 }]);
  expect(state.forgotten).toEqual({ sender: 0, fleet: 95 });
  expect(state.notices[0]).toEqual({ kind: 'fleet-full' });
});
