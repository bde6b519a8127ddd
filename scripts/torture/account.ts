/** The account of a round: every report that the agent logged is stored at home once, or is counted as lost. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logged } from './processes.ts';

export interface Account {
  readonly logged: number;
  readonly stored: number;
  /** Logged, and not stored. */
  readonly missing: number;
  /** By the agent's own count. */
  readonly counted: number;
  /** Numbers below the highest that no stored report has. */
  readonly gaps: number;
  readonly waiting: number;
  /** Missing, of agents that could not open their state, said so, and were killed. */
  readonly unkept: number;
  readonly faults: readonly string[];
}

interface Stored {
  readonly id: string;
  readonly agentId: string;
  readonly sequence: number | undefined;
  readonly times: number;
}

export function account(
  everLogged: readonly Logged[],
  stateDirectory: string,
  homeDirectory: string,
): Account {
  const { counted, waiting, agentId } = readSpool(stateDirectory);
  const isOurs = (id: string | undefined): boolean => id === agentId;
  const everStored = readStored(homeDirectory);
  const stored = everStored.filter((each) => isOurs(each.agentId));
  const logged = everLogged.filter((each) => isOurs(each.agent.id));
  const missing = missingOf(logged, stored);
  const numbers = stored.flatMap(({ sequence }) => sequence ?? []);
  const highest = Math.max(0, ...numbers, ...logged.flatMap(({ sequence }) => sequence ?? []));
  const gaps = highest - new Set(numbers).size;
  const faults = [
    ...everStored.filter(({ times }) => times > 1).map(({ id }) => `${id} is stored twice`),
    ...twice(stored.map(({ sequence }) => sequence)).map((n) => `two at home have number ${n}`),
    ...twice(logged.map(({ sequence }) => sequence)).map((n) => `two in the log have number ${n}`),
    ...(numbers.length < stored.length ? ['a report at home has no number'] : []),
    ...sameNumbers(logged, stored),
    ...(missing > counted ? [`${missing} are missing, and ${counted} are counted as lost`] : []),
    ...(gaps > counted ? [`${gaps} numbers are missing, and ${counted} are counted as lost`] : []),
    ...(waiting > 0 ? [`${waiting} still wait`] : []),
  ];
  const unkept = missingOf(everLogged, everStored) - missing;
  const counts = { logged: everLogged.length, stored: everStored.length, missing, counted };
  return { ...counts, gaps, waiting, unkept, faults };
}

function missingOf(logged: readonly Logged[], stored: readonly Stored[]): number {
  const known = new Set(stored.map(({ id }) => id));
  return logged.filter(({ id }) => !known.has(id)).length;
}

function twice(numbers: readonly (number | undefined)[]): readonly number[] {
  const seen = new Set<number>();
  return numbers.flatMap((number) => {
    if (number === undefined) return [];
    const isAgain = seen.has(number);
    seen.add(number);
    return isAgain ? [number] : [];
  });
}

/** What the log says of a report is what home has of it. */
function sameNumbers(logged: readonly Logged[], stored: readonly Stored[]): readonly string[] {
  const numbers = new Map(stored.map(({ id, sequence }) => [id, sequence]));
  return logged
    .filter(({ id, sequence }) => numbers.has(id) && numbers.get(id) !== sequence)
    .map(({ id }) => `${id} has another number at home than in the log`);
}

function readStored(directory: string): readonly Stored[] {
  const db = new DatabaseSync(join(directory, 'home.db'), { readOnly: true });
  try {
    const sql =
      "SELECT id, count(*) AS times, min(report ->> '$.sequence') AS sequence, min(report ->> '$.agent.id') AS agent FROM event GROUP BY id";
    return db
      .prepare(sql)
      .all()
      .map(({ id, times, sequence, agent }) => ({
        id: String(id),
        agentId: String(agent),
        times: Number(times),
        sequence: sequence === null ? undefined : Number(sequence),
      }));
  } finally {
    db.close();
  }
}

interface SpoolSeen {
  readonly counted: number;
  readonly waiting: number;
  readonly agentId: string | undefined;
}

/** Read while no agent runs; what one held in memory when it was killed, the next would count. */
export function readSpool(directory: string): SpoolSeen {
  const path = join(directory, 'sidelight.db');
  if (!existsSync(path)) return { counted: 0, waiting: 0, agentId: undefined };
  const db = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const lost = db.prepare('SELECT coalesce(sum(reports), 0) AS n FROM loss').get();
    const rows = db.prepare('SELECT count(*) AS n FROM delivery').get();
    const id = db.prepare("SELECT value FROM fact WHERE name = 'agent-id'").get()?.['value'];
    const counted = Number(lost?.['n']) + heldIn(directory);
    return { counted, waiting: Number(rows?.['n']), agentId: id as string | undefined };
  } finally {
    db.close();
  }
}

function heldIn(directory: string): number {
  const path = join(directory, 'held');
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'latin1'), 10) || 0 : 0;
}
