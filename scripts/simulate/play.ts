/** Plays a scenario second by second against a home, or against the incidents alone. */
import type { IncidentEvent } from '../../src/home/incidents/incident.ts';
import { readSighting } from '../../src/home/incidents/read-sighting.ts';
import type { IncidentSettings } from '../../src/home/incidents/settings.ts';
import { makeIncidentState } from '../../src/home/incidents/state.ts';
import { step } from '../../src/home/incidents/step.ts';
import { type Sent, simulateFleet } from './agents.ts';
import { Measures } from './judge.ts';
import { durationMs, type Scenario } from './scenario.ts';

/** Where the reports go, and what it says of them. */
export interface Receiver {
  /** All that arrived until `nowMs`, in order of arrival. */
  second(sent: readonly Sent[], nowMs: number): Promise<readonly IncidentEvent[]>;
}

export interface Played {
  readonly events: readonly IncidentEvent[];
  readonly measures: Measures;
  readonly reports: number;
}

export interface PlayOptions {
  readonly agents: number;
  readonly seed: number;
  readonly receiver: Receiver;
  /** Reports are brought in steps of so many seconds; 1 unless given. */
  readonly stepSeconds?: number;
  readonly onEvent?: (event: IncidentEvent) => void;
}

export async function play(scenario: Scenario, options: PlayOptions): Promise<Played> {
  const { agents, seed, receiver, stepSeconds = 1, onEvent } = options;
  const fleet = simulateFleet(scenario, agents, seed);
  const measures = new Measures(scenario, agents);
  const startMs = Date.parse(scenario.start);
  const endMs = startMs + durationMs(scenario.lasts);
  const events: IncidentEvent[] = [];
  let reports = 0;
  let gathered: Sent[] = [];
  for (let nowMs = startMs; nowMs < endMs; nowMs += 1_000) {
    const { sent, looks } = fleet.second(nowMs);
    measures.second(looks);
    reports += sent.length;
    gathered.push(...sent);
    if (((nowMs - startMs) / 1_000) % stepSeconds !== 0) continue;
    // Where nothing arrives, time may go in larger steps.
    if (gathered.length === 0 && nowMs % 5_000 !== 0) continue;
    const arrived = gathered;
    gathered = [];
    for (const event of await receiver.second(arrived, nowMs + 1_000)) {
      events.push(event);
      onEvent?.(event);
    }
  }
  return { events, measures, reports };
}

/** The incidents alone, without a home around them. */
export function reducerAlone(settings: Partial<IncidentSettings> = {}): Receiver {
  const state = makeIncidentState(settings);
  let arrival = 0;
  return {
    second: async (sent, nowMs) => {
      const events: IncidentEvent[] = [];
      for (const { source, arrivesMs, report } of sent) {
        arrival += 1;
        const stored = {
          source,
          arrival,
          receivedMs: Math.floor(arrivesMs),
          timeMs: Date.parse(report.time),
        };
        const sighting = readSighting(stored, report);
        if (sighting) events.push(...step(state, { kind: 'sighting', sighting }));
      }
      events.push(...step(state, { kind: 'tick', nowMs }));
      return events;
    },
  };
}
