/** Incidents where senders are told apart: what one of them brings neither opens an incident nor drowns one. */
import { expect, test } from 'vitest';
import type { Incident, IncidentEvent } from '../../../src/home/incidents/incident.ts';
import type { SenderSeen } from '../../../src/home/incidents/sighting.ts';
import { makeIncidentState } from '../../../src/home/incidents/state.ts';
import { openIncidents, step } from '../../../src/home/incidents/step.ts';
import {
  clientCaChanged,
  kinds,
  minute,
  noon,
  pass,
  type Said,
  say,
  second,
  tcpTimeout,
} from './sightings.ts';

const senderOf = (identity: string, facts: Partial<SenderSeen> = {}): SenderSeen => ({
  identity,
  places: 100,
  isMany: false,
  ...facts,
});

/** Numbers from here on are those of ghosts. */
const ghosts = 100_000;

/** So many delegates with a sender each, known and accepted since before noon; and one sender that makes delegates up. */
function fleetOf(honest: number, evil: Partial<SenderSeen> = {}) {
  const state = makeIncidentState();
  const speak = (index: number, atMs: number, said: Said = {}): readonly IncidentEvent[] => {
    const sender = index < ghosts ? senderOf(`honest-${index}`) : senderOf('evil', evil);
    return say(state, index, atMs, { sender, ...said });
  };
  for (let index = 0; index < honest; index += 1) {
    speak(index, noon - 20 * minute, { event: 'heartbeat' });
    speak(index, noon - second, { event: 'heartbeat' });
  }
  step(state, { kind: 'tick', nowMs: noon });
  const all = (from: number, count: number, atMs: number, said?: Said) =>
    Array.from({ length: count }, (_, n) => speak(from + n, atMs + n, said)).flat();
  return { state, speak, all };
}

function incidents(events: readonly IncidentEvent[]): readonly Incident[] {
  return events.flatMap((event) => (event.kind === 'opened' ? [event.incident] : []));
}

test('fifty thousand delegates that one sender makes up are no more than its share, and hide no incident', () => {
  const { state, all } = fleetOf(200);
  all(ghosts, 50_000, noon);
  expect(state.fleet.glance()).toMatchObject({ delegates: 300, targets: [{ known: 300 }] });
  expect(state.forgotten.sender).toBe(49_900);
  expect(state.notices[0]).toEqual({ kind: 'sender-full', sender: 'evil' });
  const [incident, ...more] = incidents(all(0, 200, noon + minute, { cause: clientCaChanged }));
  expect(more).toEqual([]);
  // The third of two hundred and one senders, though there are three hundred delegates.
  expect(incident).toMatchObject({ scope: { kind: 'target' }, affected: 3, side: 'gateway' });
  expect(incident).not.toHaveProperty('broughtBy');
});

test.for([
  ['gateway', clientCaChanged, 3],
  ['way', tcpTimeout, 11],
] as const)(
  'what one sender brings, however much, is one voice of those that open an incident (%s)',
  ([, cause, number]) => {
    const { state, all } = fleetOf(200);
    const own = all(ghosts, 100, noon, { cause });
    expect(own.concat(pass(state, noon + second, noon + 5 * minute))).toEqual([]);
    expect(state.notices).toContainEqual({
      kind: 'held-back',
      target: expect.any(String),
      senders: ['evil'],
    });
    const few = all(0, number - 2, noon + 5 * minute, { cause });
    expect(few.concat(pass(state, noon + 6 * minute, noon + 7 * minute))).toEqual([]);
    expect(kinds(all(number - 2, 1, noon + 7 * minute, { cause }))).toEqual(['opened']);
  },
);

test('it takes a share of all senders, and no sender can stand in for it', () => {
  const { all } = fleetOf(2_000);
  all(ghosts, 100, noon, { cause: clientCaChanged });
  // One in a hundred of 2,001 are 21: twenty, and the one with the ghosts.
  expect(all(0, 19, noon + minute, { cause: clientCaChanged })).toEqual([]);
  expect(kinds(all(19, 1, noon + 2 * minute, { cause: clientCaChanged }))).toEqual(['opened']);
});

test("one sender's delegates in others' accounts explain nothing away", () => {
  const { state, all, speak } = fleetOf(40);
  const accounts = ['north', 'south'];
  for (let n = 0; n < 40; n += 1) speak(n, noon + n, { account: accounts[n % 2] ?? '' });
  for (const [place, account] of accounts.entries()) {
    all(ghosts + 50 * place, 50, noon + second, { account, cause: clientCaChanged });
  }
  const said = [0, 1, 2, 3].flatMap((n) =>
    speak(n, noon + minute + n, { account: accounts[n % 2] ?? '', cause: clientCaChanged }),
  );
  const events = said.concat(pass(state, noon + minute + second, noon + 3 * minute));
  expect(incidents(events)).toMatchObject([{ scope: { kind: 'target' } }]);
});

test('one sender holds no incident open', () => {
  const { state, all } = fleetOf(200);
  all(0, 20, noon, { cause: clientCaChanged });
  all(ghosts, 100, noon + second, { cause: clientCaChanged });
  expect(openIncidents(state)).toMatchObject([{ affected: 120 }]);
  all(0, 20, noon + minute);
  const events = pass(state, noon + minute + second, noon + 5 * minute);
  expect(events.at(-1)).toMatchObject({ kind: 'closed', incident: { peak: 120, known: 300 } });
});

test('where there are few senders what one of them says is an incident, and says whose word it is', () => {
  const { state, all } = fleetOf(3);
  const [incident] = incidents(all(ghosts, 6, noon, { cause: clientCaChanged }));
  expect(incident).toMatchObject({ affected: 3, broughtBy: ['evil'] });
  expect(openIncidents(state)[0]).toMatchObject({ affected: 6, broughtBy: ['evil'] });
  all(ghosts, 6, noon + minute);
  const events = pass(state, noon + minute, noon + 5 * minute);
  expect(events.at(-1)).toMatchObject({ kind: 'closed', incident: { broughtBy: ['evil'] } });
});

test('a sender of whom the operator says that it speaks for many is as many as it has', () => {
  const { state, all } = fleetOf(200, { places: 10_000, isMany: true });
  all(ghosts, 1_000, noon);
  expect(state.fleet.glance().delegates).toBe(1_200);
  const said = all(ghosts, 12, noon + minute, { cause: clientCaChanged });
  expect(incidents(said)).toMatchObject([{ affected: 12, known: 1_200 }]);
  expect(incidents(said)[0]).not.toHaveProperty('broughtBy');
});

test('what the operator says of a sender counts for what it has brought already', () => {
  const { state, all } = fleetOf(200);
  all(ghosts, 50, noon, { cause: clientCaChanged });
  const sender = senderOf('evil', { isMany: true });
  const said = say(state, ghosts + 50, noon + second, { cause: clientCaChanged, sender });
  expect(incidents(said)).toMatchObject([{ affected: 51, known: 251 }]);
});

test('a new delegate of a sender with no place left takes that of its own that was not heard longest', () => {
  const { state, all, speak } = fleetOf(3, { places: 2 });
  all(ghosts, 2, noon);
  speak(ghosts, noon + second, { sequence: 1 });
  speak(ghosts + 2, noon + 2 * second);
  const kept = [...state.fleet.delegates()].map(({ seen }) => seen.name);
  expect(kept.slice(3)).toEqual([`delegate-${ghosts}`, `delegate-${ghosts + 2}`]);
});

test('a sender has no more pairs of delegate and target than sixteen for each place', () => {
  const { state, all } = fleetOf(3);
  for (let gateway = 0; gateway < 64; gateway += 1) {
    all(ghosts, 100, noon + gateway * second, { target: `https://gateway-${gateway}.example/` });
  }
  const pairs = [...state.fleet.delegates()].reduce((sum, each) => sum + each.standings.size, 0);
  expect(pairs).toBeLessThanOrEqual(1_600 + 3);
  // One delegate may still watch as many as it can have.
  const alone = fleetOf(3, { places: 1 });
  for (let gateway = 0; gateway < 64; gateway += 1) {
    alone.all(ghosts, 1, noon + gateway, { target: `https://gateway-${gateway}.example/` });
  }
  expect([...alone.state.fleet.delegates()].at(-1)?.standings.size).toBe(64);
});
