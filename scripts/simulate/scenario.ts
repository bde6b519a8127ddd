/** A scenario: a fleet, what befalls it and when, and what home should say of it. Read from a JSON file. */
import { readFileSync } from 'node:fs';
import type { IncidentKind } from '../../src/home/incidents/incident.ts';
import { type ConditionName, conditionNames } from './conditions.ts';

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** RFC 3339. */
  readonly start: string;
  /** How long it lasts, as in `2h30m`. */
  readonly lasts: string;
  readonly agents: number;
  readonly accounts: number;
  /** Between two looks, and between two reports, while all is well. */
  readonly interval: string;
  readonly heartbeat: string;
  /** Server stacks of the gateway's nodes; agents are spread over them. */
  readonly nodes: readonly Node[];
  /** Share of the agents that never saw an accepted look before. */
  readonly withoutBaseline?: number;
  readonly happenings: readonly Happening[];
  readonly expect: Expectation;
}

export type Node = 'openssl' | 'go' | 'nginx';

export interface Happening {
  /** To be referred to. */
  readonly id?: string;
  readonly what: ConditionName | 'down' | 'replaced';
  /** Since the start; for those that recur, absent. */
  readonly at?: string;
  /** How long, or between which bounds. */
  readonly lasts: string | readonly [string, string];
  /** Whom: everybody, one account by its number, or so many agents chosen at random. Everybody unless given. */
  readonly account?: number;
  readonly agents?: number;
  /** In place of `at` and a number: how often each agent meets it in a week, on average. */
  readonly eachPerWeek?: number;
  /** They begin within this time and not all at once. */
  readonly spread?: string;
  /** The way to home is cut as well: reports wait. */
  readonly cutFromHome?: boolean;
}

export interface Expectation {
  /** In the order of their opening. Any other incident is a false one. */
  readonly incidents: readonly ExpectedIncident[];
  /** Of the fleet, the most that may be accepted again within one second. */
  readonly reconnectShare?: number;
}

export interface ExpectedIncident {
  readonly kind: IncidentKind;
  readonly scope: 'target' | 'account';
  /** The `id` of the happening that it is about. */
  readonly of: string;
  readonly cause?: string;
  readonly side?: string;
  /** Number of the alert that the gateway sent. */
  readonly alert?: number;
  /** After one in a hundred of the fleet began to fail (of an account: after it happened). */
  readonly opensWithin: string;
  /** After it ended. */
  readonly closesWithin: string;
  /** Paths among what changed. */
  readonly changed?: readonly string[];
  /** The gateway's certificate and its authorities are named. */
  readonly fingerprints?: boolean;
}

export function readScenario(path: string): Scenario {
  const scenario = JSON.parse(readFileSync(path, 'utf8')) as Scenario;
  for (const { what } of scenario.happenings) {
    const isKnown = what === 'down' || what === 'replaced' || conditionNames.includes(what);
    if (!isKnown) throw new Error(`${path}: nothing is known of a happening "${what}"`);
  }
  return scenario;
}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `1h30m`, `45s`, `7d`. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)];
  if (parts.map(([part]) => part).join('') !== text || text === '') {
    throw new Error(`"${text}" is no duration`);
  }
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
}
