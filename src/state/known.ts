/** What a state database is known to hold, in few words: as much as must outlive it. */
import type { DatabaseSync } from 'node:sqlite';
import { lastSequence } from './sequence.ts';

export interface Known {
  /** By name: the agent's id, and what else the table `fact` holds. */
  readonly facts: Readonly<Record<string, string>>;
  /** The highest number that was given to a report. */
  readonly sequence: number;
  /** How many reports wait for each receiver, by its name. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Every loss that was counted. */
  readonly losses: readonly Loss[];
}

export type Loss = readonly [receiver: string, reason: string, reports: number];

export const nothingKnown: Known = { facts: {}, sequence: 0, waiting: {}, losses: [] };

/** Throws what the database throws. */
export function knownOf(db: DatabaseSync): Known {
  return {
    facts: factsIn(db),
    sequence: lastSequence(db),
    waiting: waitingIn(db),
    losses: lossesIn(db),
  };
}

/** Of a database that is damaged: what can still be read of it. */
export function knownOfDamaged(db: DatabaseSync): Known {
  const part = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      return otherwise;
    }
  };
  return {
    facts: part(() => factsIn(db), {}),
    sequence: part(() => lastSequence(db), 0),
    waiting: part(() => waitingIn(db), {}),
    losses: part(() => lossesIn(db), []),
  };
}

function factsIn(db: DatabaseSync): Known['facts'] {
  const rows = db.prepare('SELECT name, value FROM fact ORDER BY name').all();
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), String(value)]));
}

function waitingIn(db: DatabaseSync): Known['waiting'] {
  const rows = db.prepare('SELECT home, count(*) AS n FROM delivery GROUP BY home').all();
  return Object.fromEntries(rows.map(({ home, n }) => [String(home), Number(n)]));
}

function lossesIn(db: DatabaseSync): readonly Loss[] {
  const rows = db.prepare('SELECT home, reason, reports FROM loss ORDER BY home, reason').all();
  return rows.map(({ home, reason, reports }) => [String(home), String(reason), Number(reports)]);
}

/** Undefined for what is nobody's account: another version may have written something else. */
export function parseKnown(text: string): Known | undefined {
  try {
    const { facts, sequence, waiting, losses } = JSON.parse(text) as Partial<Known>;
    if (!isRecord(facts) || !isRecord(waiting) || !Array.isArray(losses)) return undefined;
    if (!Number.isSafeInteger(sequence)) return undefined;
    return {
      facts: entriesOf(facts, (value) => typeof value === 'string'),
      sequence: Number(sequence),
      waiting: entriesOf(waiting, isCount),
      losses: losses.filter(isLoss),
    };
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isLoss(value: unknown): value is Loss {
  if (!Array.isArray(value)) return false;
  const [receiver, reason, reports] = value;
  return typeof receiver === 'string' && typeof reason === 'string' && isCount(reports);
}

function entriesOf<Value>(
  record: Readonly<Record<string, unknown>>,
  isWanted: (value: unknown) => boolean,
): Readonly<Record<string, Value>> {
  const wanted = Object.entries(record).filter(([, value]) => isWanted(value));
  return Object.fromEntries(wanted) as Record<string, Value>;
}
