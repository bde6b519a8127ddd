/**
 * The one way into home's database, whichever door the events came by: judged, queued, stored together with
 * what arrives at the same time, told to subscribers, and only then acknowledged.
 */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { isStorageFault } from '../state/open-database.ts';
import { CommitQueue } from './commit-queue.ts';
import type { EventStore } from './event-store.ts';
import { Rations } from './rations.ts';
import { isRejection, type ReceivedEvent, type Rejection, readEvent } from './read-event.ts';
import type { ReportFacts } from './report-facts.ts';
import type { Sender } from './sender.ts';
import { SourcePlaces } from './source-places.ts';
import { spreadRetry } from './spread-retry.ts';

/** One report that is on disk now, already parsed. */
export interface StoredEvent {
  /** Order of arrival, from 1, never used again. */
  readonly arrival: number;
  readonly source: string;
  readonly id: string;
  /**
   * Whose report it is: the source; and where somebody else brought that source first, the bringer and the
   * source, so that nobody speaks for another.
   */
  readonly delegate: string;
  /** Milliseconds since 1970, by the agent's clock. */
  readonly timeMs: number;
  /** Milliseconds since 1970, by home's clock. */
  readonly receivedMs: number;
  /** The name of who brought it. */
  readonly sender: string;
  /** The identity of who brought it, see `sender.ts`. */
  readonly identity: string;
  readonly facts: ReportFacts;
  /** The report as it was parsed; from a stranger, only its `schema` has been looked at. */
  readonly document: Readonly<Record<string, unknown>>;
}

export interface RejectedEvent {
  /** Its place among the events that were taken. */
  readonly index: number;
  /** Absent when it has none that could be repeated. */
  readonly id?: string;
  readonly reason: string;
}

export type Taken =
  | {
      readonly kind: 'taken';
      /** Ids that are on disk now and were not before. */
      readonly stored: readonly string[];
      /** Ids that were on disk before, or came twice. */
      readonly duplicates: readonly string[];
      /** Set aside for good: sending them again changes nothing. */
      readonly rejected: readonly RejectedEvent[];
    }
  | Busy;

/** Some of it may be stored, nothing may be dropped: send all of it again, not before `retryAfterMs`. */
export interface Busy {
  readonly kind: 'busy';
  /** Spread at random, so that a fleet does not come back at once. */
  readonly retryAfterMs: number;
  /**
   * `rate`: this sender brings too much; `queue`: home has too much to do; `storage`: it cannot write now;
   * `delegates`: all of it is of delegates beyond those that this sender may speak for.
   */
  readonly because: 'rate' | 'queue' | 'storage' | 'delegates';
}

export interface Intake {
  /** Asked before `octets` of this sender's are parsed; undefined: go on. */
  admit(sender: Sender, octets: number): Busy | undefined;
  /** Settles when what is said to be stored is on disk. Rejects only with what `events` throws while it is read. */
  take(events: Iterable<unknown>, sender: Sender): Promise<Taken>;
  /**
   * Calls back after each commit with what is new, in order of arrival; the returned function ends it.
   * A listener that throws harms nobody else, and the fault goes to `onFault`.
   */
  onStored(listener: (events: readonly StoredEvent[]) => void): () => void;
  readonly counts: IntakeCounts;
  /** Waits for what was taken. */
  close(): Promise<void>;
}

export interface IntakeCounts {
  readonly stored: number;
  readonly duplicates: number;
  /** By reason. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Times that a sender was told to come again, by why. */
  readonly busy: ReadonlyMap<string, number>;
  /** That brought something since the start, of the latest 20,000. */
  readonly senders: number;
  readonly queuedReports: number;
  readonly queuedOctets: number;
}

export interface IntakeOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  /** How many sources a sender of this identity may bring; without it, any number. */
  readonly placesOf?: (identity: string) => number;
  /** A sender brought more than that. */
  readonly onTooMany?: (sender: Sender) => void;
  /** What went wrong here and is no sender's fault: a full disk, a listener that threw. */
  readonly onFault: (error: unknown) => void;
}

/** Reading goes on in turns of this many octets of JSON, some milliseconds, so that nobody waits long. */
const turnOctets = 256 * 1024;

export function openIntake(options: IntakeOptions): Intake {
  const { store, clock, random, onFault, placesOf, onTooMany } = options;
  const listeners = new Set<(events: readonly StoredEvent[]) => void>();
  const counts = {
    stored: 0,
    duplicates: 0,
    rejected: new Map<string, number>(),
    busy: new Map<string, number>(),
    get senders() {
      return rations.senders;
    },
    get queuedReports() {
      return queue.reports;
    },
    get queuedOctets() {
      return queue.octets;
    },
  };
  const rations = new Rations(clock);
  const places = placesOf && new SourcePlaces(clock, placesOf);
  const queue = new CommitQueue({ store, clock, onStored: tell, onFault });
  const busy = (because: Busy['because'], waitMs: number): Busy => {
    counts.busy.set(because, (counts.busy.get(because) ?? 0) + 1);
    return { kind: 'busy', because, retryAfterMs: spreadRetry(waitMs, random) };
  };
  function tell(events: readonly StoredEvent[]): void {
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        onFault(error);
      }
    }
  }
  const count = (taken: Extract<Taken, { kind: 'taken' }>): Taken => {
    counts.stored += taken.stored.length;
    counts.duplicates += taken.duplicates.length;
    for (const { reason } of taken.rejected) {
      counts.rejected.set(reason, (counts.rejected.get(reason) ?? 0) + 1);
    }
    return taken;
  };
  const keep = async (
    events: readonly (ReceivedEvent | Rejection)[],
    sender: Sender,
  ): Promise<Taken> => {
    try {
      return count(await queue.add(events, sender));
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      return busy('storage', storageWaitMs);
    }
  };
  return {
    admit: (sender, octets) => {
      if (queue.isLong) return busy('queue', queue.nextSlotMs());
      const waitMs = rations.take(sender.identity, 'octets', octets);
      return waitMs === 0 ? undefined : busy('rate', waitMs);
    },
    take: async (events, sender) => {
      if (queue.isLong) return busy('queue', queue.nextSlotMs());
      const read = await readInTurns(events);
      const waitMs = rations.take(sender.identity, 'reports', read.length);
      if (waitMs > 0) return busy('rate', waitMs);
      const { placed, crowdedMs } = place(read, sender, places);
      if (crowdedMs > 0) onTooMany?.(sender);
      // Whoever brings nothing else keeps it, and nothing is lost when there is a place again.
      if (crowdedMs > 0 && placed.every(isRejection)) return busy('delegates', crowdedMs);
      return keep(placed, sender);
    },
    onStored: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    counts,
    close: () => queue.close(),
  };
}

/** What has no place is set aside; and how long until there may be one, 0 where all has. */
function place(
  read: readonly (ReceivedEvent | Rejection)[],
  { identity }: Sender,
  places: SourcePlaces | undefined,
): { readonly placed: readonly (ReceivedEvent | Rejection)[]; readonly crowdedMs: number } {
  if (!places) return { placed: read, crowdedMs: 0 };
  let crowdedMs = 0;
  const placed = read.map((event): ReceivedEvent | Rejection => {
    const waitMs = isRejection(event) ? 0 : places.take(identity, event.source);
    if (isRejection(event) || waitMs === 0) return event;
    crowdedMs = Math.min(waitMs, longestCrowdedMs);
    return { reason: 'too-many-delegates', id: event.id, excerpt: event.source };
  });
  return { placed, crowdedMs };
}

/** An operator may make room sooner. */
const longestCrowdedMs = 5 * 60_000;
/** A disk is seldom freed in less. */
const storageWaitMs = 30_000;

async function readInTurns(
  events: Iterable<unknown>,
): Promise<readonly (ReceivedEvent | Rejection)[]> {
  const read: (ReceivedEvent | Rejection)[] = [];
  let octets = 0;
  for (const value of events) {
    const event = readEvent(value);
    read.push(event);
    octets += isRejection(event) ? turnOctets / 64 : event.report.length;
    if (octets < turnOctets) continue;
    octets = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return read;
}
