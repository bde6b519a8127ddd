/** Holds what home said against what the scenario expects. */
import type { Incident, IncidentEvent } from '../../src/home/incidents/incident.ts';
import type { Look } from './agents.ts';
import { durationMs, type ExpectedIncident, type Happening, type Scenario } from './scenario.ts';

/** What is measured of the fleet while it plays. */
export class Measures {
  readonly #agents: number;
  readonly #happenings: readonly (Happening & { readonly fromMs: number })[];
  readonly #failing = new Set<number>();
  /** By id of the happening: when one in a hundred had begun to fail. */
  readonly hundredth = new Map<string, number>();
  /** Most agents that were accepted again, and that looked at all, within one second. */
  reconnectsPeak = 0;
  looksPeak = 0;

  constructor({ start, happenings }: Scenario, agents: number) {
    const startMs = Date.parse(start);
    this.#agents = agents;
    this.#happenings = happenings.map((each) => ({
      ...each,
      fromMs: startMs + durationMs(each.at ?? '0s'),
    }));
  }

  second(looks: readonly Look[]): void {
    let reconnects = 0;
    for (const { agent, accepted, isTurn, atMs } of looks) {
      if (accepted && isTurn) reconnects += 1;
      if (accepted) this.#failing.delete(agent);
      else this.#failing.add(agent);
      if (!accepted && this.#failing.size >= this.#agents / 100) this.#note(atMs);
    }
    this.reconnectsPeak = Math.max(this.reconnectsPeak, reconnects);
    this.looksPeak = Math.max(this.looksPeak, looks.length);
  }

  #note(atMs: number): void {
    for (const { id, fromMs } of this.#happenings) {
      const isIt = id !== undefined && fromMs <= atMs && !this.hundredth.has(id);
      if (isIt) this.hundredth.set(id, atMs);
    }
  }
}

/** Each a sentence about what is not as it should be; empty when all is well. */
export function judge(
  scenario: Scenario,
  agents: number,
  events: readonly IncidentEvent[],
  measures: Measures,
): readonly string[] {
  const opened = events.flatMap((event) => (event.kind === 'opened' ? [event.incident] : []));
  const { incidents: expected, reconnectShare } = scenario.expect;
  const wrong = expected.flatMap((each, index) => {
    const incident = opened[index];
    if (!incident) return [`no incident was opened for "${each.of}"`];
    return faultsOf(each, incident, last(events, incident), scenario, measures).map(
      (fault) => `${incident.id} (${each.of}): ${fault}`,
    );
  });
  const surplus = opened.slice(expected.length).map(({ id, kind, title }) => {
    return `${id} is a false incident: ${kind}, ${title}`;
  });
  const share = measures.reconnectsPeak / agents;
  const rush =
    reconnectShare !== undefined && agents >= fewest && share > reconnectShare
      ? [`${percent(share)} of the fleet came back within one second`]
      : [];
  return [...wrong, ...surplus, ...rush];
}

/** Of fewer, a handful is a large share within a second. */
const fewest = 1_000;

/** The last that was told of it. */
function last(events: readonly IncidentEvent[], { id }: Incident): Incident | undefined {
  const told = events.flatMap((event) => ('incident' in event ? [event.incident] : []));
  return told.findLast((incident) => incident.id === id);
}

function faultsOf(
  expected: ExpectedIncident,
  opened: Incident,
  end: Incident | undefined,
  scenario: Scenario,
  { hundredth }: Measures,
): readonly string[] {
  const happening = scenario.happenings.find(({ id }) => id === expected.of);
  const fromMs = Date.parse(scenario.start) + durationMs(happening?.at ?? '0s');
  const lasts = happening?.lasts ?? '0s';
  const untilMs = fromMs + durationMs(typeof lasts === 'string' ? lasts : lasts[1]);
  const beganMs = expected.scope === 'account' ? fromMs : (hundredth.get(expected.of) ?? fromMs);
  const openedAfterMs = opened.openedMs - beganMs;
  const closedAfterMs = (end?.closedMs ?? Infinity) - untilMs;
  return [
    ...unlike('kind', expected.kind, opened.kind),
    ...unlike('scope', expected.scope, opened.scope.kind),
    ...unlike('cause', expected.cause, opened.signature.cause),
    ...unlike('side', expected.side, opened.side),
    // The first few may have met the rarer nodes: what most were told shows at the end.
    ...unlike('alert', expected.alert, (end ?? opened).signature.alert?.code),
    ...(expected.changed ?? [])
      .filter((path) => !opened.changed.some(({ what }) => what === path))
      .map((path) => `that ${path} changed is not said`),
    ...(expected.fingerprints && !hasFingerprints(opened) ? ['no fingerprints are named'] : []),
    ...within('opened', openedAfterMs, expected.opensWithin),
    ...within('closed', closedAfterMs, expected.closesWithin),
  ];
}

function hasFingerprints({ signature }: Incident): boolean {
  return signature.serverSha256 !== undefined && signature.authoritiesSha256 !== undefined;
}

function unlike(
  what: string,
  expected: string | number | undefined,
  said: string | number | undefined,
): readonly string[] {
  return expected === undefined || expected === said
    ? []
    : [`its ${what} is ${said}, not ${expected}`];
}

function within(what: string, afterMs: number, limit: string): readonly string[] {
  if (afterMs < 0) return [`it was ${what} too early`];
  if (afterMs <= durationMs(limit)) return [];
  return [
    `it was ${what} ${afterMs === Infinity ? 'never' : `after ${Math.round(afterMs / 1_000)} s`}, not within ${limit}`,
  ];
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
