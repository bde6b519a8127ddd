/** A scenario: a fleet, what befalls it and when, and what home should say of it. Read from a JSON file. */
import { readFileSync } from 'node:fs';
import { CannotRun, errorCode } from '../../src/base/cannot-run.ts';
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

/** Throws CannotRun for a file that cannot be read, and for what is no scenario. */
export function readScenario(path: string): Scenario {
  const scenario = parse(path);
  const faults = scenario.happenings?.flatMap(faultsOf) ?? ['it has no happenings'];
  const isTimed = !Number.isNaN(Date.parse(scenario.start));
  const durations = [scenario.lasts, scenario.interval, scenario.heartbeat].map(
    (each) => `${each}`,
  );
  const all = [
    ...(isTimed ? [] : [`"${scenario.start}" is no time to start at`]),
    ...durations.filter((each) => !isDuration(each)).map((each) => `"${each}" is no duration`),
    ...(scenario.agents > 0 && scenario.accounts > 0 ? [] : ['it has no agents, or no accounts']),
    ...(scenario.nodes?.length > 0 && scenario.expect?.incidents
      ? []
      : ['it lacks nodes or expect']),
    ...faults,
  ];
  const expected =
    'a scenario as those in scripts/simulate/scenarios, see scripts/simulate/scenario.ts';
  if (all.length > 0) throw new CannotRun(all.map((what) => ({ where: path, what, expected })));
  return scenario;
}

function parse(path: string): Partial<Scenario> & Scenario {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Scenario;
  } catch (error) {
    const what =
      error instanceof SyntaxError ? 'it is no JSON' : `it cannot be read (${errorCode(error)})`;
    throw new CannotRun([{ where: path, what, expected: 'a scenario in JSON' }], { cause: error });
  }
}

function faultsOf({ what, lasts, at, spread }: Happening): readonly string[] {
  const isKnown = what === 'down' || what === 'replaced' || conditionNames.includes(what);
  const durations = [lasts, at ?? '0s', spread ?? '0s'].flat().map((each) => `${each}`);
  return [
    ...(isKnown ? [] : [`nothing is known of a happening "${what}"`]),
    ...durations.filter((each) => !isDuration(each)).map((each) => `"${each}" is no duration`),
  ];
}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function isDuration(text: string): boolean {
  return /^(?:\d+(?:ms|s|m|h|d))+$/.test(text);
}

/** `1h30m`, `45s`, `7d`. */
export function durationMs(text: string): number {
  if (!isDuration(text)) throw new Error(`"${text}" is no duration`);
  return [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
}
