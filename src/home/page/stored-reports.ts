/** The reports of home's database that the page shows, read a page at a time. */
import type { DatabaseSync } from 'node:sqlite';
import { isState, type State } from './in-words.ts';

/** One report in a list. */
export interface Listed {
  readonly arrival: number;
  /** By the agent's clock. */
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly target: string;
  /** `unconfirmed` where the report says nothing that is known. */
  readonly state: State;
  readonly layer?: string;
  readonly cause?: string;
  readonly event?: string;
  readonly sequence?: number;
}

export interface Whole {
  readonly delegate: string;
  readonly sender: string;
  /** By the agent's clock. */
  readonly timeMs: number;
  readonly receivedMs: number;
  /** JSON. */
  readonly report: string;
}

/** Who speaks for a delegate, as its latest report came. */
export interface Bringer {
  /** Its name. */
  readonly sender: string;
  /** The `source` that the report names: not the delegate itself where another sender brought that source first. */
  readonly source: string;
}

export interface StoredReports {
  /** Newest first: those that arrived before `before`. */
  list(delegate: string, limit: number, before?: number): readonly Listed[];
  find(arrival: number): Whole | undefined;
  /** Undefined where no report is kept. */
  bringer(delegate: string): Bringer | undefined;
  /** The next step that a report names; undefined where it names none. */
  remedy(arrival: number): string | undefined;
}

export function openStoredReports(db: DatabaseSync): StoredReports {
  const list = db.prepare(
    `SELECT arrival, time_ms, received_ms, target, outcome, layer, cause, event, sequence FROM event
     WHERE delegate = ? AND arrival < ? ORDER BY arrival DESC LIMIT ?`,
  );
  const whole = db.prepare(
    'SELECT delegate, sender, time_ms, received_ms, report FROM event WHERE arrival = ?',
  );
  const latest = db.prepare(
    'SELECT sender, source FROM event WHERE delegate = ? ORDER BY arrival DESC LIMIT 1',
  );
  return {
    list: (delegate, limit, before = Number.MAX_SAFE_INTEGER) =>
      list.all(delegate, before, limit).map(readListed),
    find: (arrival) => {
      const row = whole.get(arrival);
      if (!row) return undefined;
      const { delegate, sender, time_ms: timeMs, received_ms: receivedMs, report } = row;
      return {
        delegate: String(delegate),
        sender: String(sender),
        timeMs: Number(timeMs),
        receivedMs: Number(receivedMs),
        report: String(report),
      };
    },
    bringer: (delegate) => {
      const row = latest.get(delegate);
      return row && { sender: String(row['sender']), source: String(row['source']) };
    },
    remedy: (arrival) => remedyOf(whole.get(arrival)?.['report']),
  };
}

function readListed(row: Readonly<Record<string, unknown>>): Listed {
  const { arrival, time_ms: timeMs, received_ms: receivedMs, target, outcome } = row;
  const state = String(outcome);
  const { layer, cause, event, sequence } = row;
  return {
    arrival: Number(arrival),
    timeMs: Number(timeMs),
    receivedMs: Number(receivedMs),
    target: target === null ? '' : String(target),
    state: isState(state) && state !== 'silent' ? state : 'unconfirmed',
    ...(layer !== null && { layer: String(layer) }),
    ...(cause !== null && { cause: String(cause) }),
    ...(event !== null && { event: String(event) }),
    ...(sequence !== null && { sequence: Number(sequence) }),
  };
}

/** From a stranger: whatever has not the shape says nothing. */
function remedyOf(text: unknown): string | undefined {
  try {
    const { cause } = JSON.parse(String(text)) as { cause?: { remedy?: unknown } | null };
    const remedy = cause?.remedy;
    return typeof remedy === 'string' && remedy !== '' ? remedy.slice(0, 1_000) : undefined;
  } catch {
    return undefined;
  }
}
