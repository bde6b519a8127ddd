/** What waits to be stored: much that arrives together becomes one transaction, and no sender's lot makes another's wait. */
import type { Clock } from '../base/clock.ts';
import { isStorageFault } from '../state/open-database.ts';
import type { Entry, EventStore, Stored } from './event-store.ts';
import type { RejectedEvent, StoredEvent, Taken } from './intake.ts';
import { isRejection, type ReceivedEvent, type Rejection } from './read-event.ts';
import type { Sender } from './sender.ts';
import { Slots } from './slots.ts';

type Acknowledgement = Extract<Taken, { kind: 'taken' }>;

interface CommitQueueOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly onStored: (events: readonly StoredEvent[]) => void;
  readonly onFault: (error: unknown) => void;
}

/** One call's events, some of which may be stored already. */
interface Waiting {
  readonly events: readonly (ReceivedEvent | Rejection)[];
  readonly sender: Sender;
  /** What became of the first ones. */
  readonly outcomes: Stored[];
  /** How many are in transactions or were. */
  begun: number;
  readonly settle: (taken: Acknowledgement) => void;
  readonly fail: (error: unknown) => void;
}

/** One event in a transaction. */
interface Drawn extends Entry {
  readonly waiting: Waiting;
}

/** Long enough that requests of the same moment meet, too short to be felt. */
const gatherMs = 8;
/** Of one transaction: some five milliseconds of work. */
const most = { reports: 200, octets: 2 * 1024 * 1024 } as const;
/** Of transactions, one after another, before everybody else has a turn. */
const turnMs = 20;
/** Of one sender, before the next one's turn. */
const mostInTurn = 32;
/** Held in memory, about half a second's work; parsed, they take several times that. */
const full = { reports: 20_000, octets: 8 * 1024 * 1024 } as const;

export class CommitQueue {
  readonly #options: CommitQueueOptions;
  readonly #slots: Slots;
  /** By identity of the sender; whoever had a turn goes to the end. */
  readonly #waiting = new Map<string, Waiting[]>();
  #reports = 0;
  #octets = 0;
  #cancel: (() => void) | undefined;
  #isCommitting = false;
  readonly #idle: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
    this.#slots = new Slots(options.clock);
  }

  get reports(): number {
    return this.#reports;
  }

  get octets(): number {
    return this.#octets;
  }

  get isLong(): boolean {
    return this.#reports >= full.reports || this.#octets >= full.octets;
  }

  /** For one who is turned away: milliseconds until there is room. */
  nextSlotMs(): number {
    return this.#slots.next(this.#reports);
  }

  /** Rejects with what the database throws. */
  add(events: readonly (ReceivedEvent | Rejection)[], sender: Sender): Promise<Acknowledgement> {
    return new Promise((settle, fail) => {
      const waiting: Waiting = { events, sender, outcomes: [], begun: 0, settle, fail };
      if (events.length === 0) return settle(acknowledge(waiting));
      const queue = this.#waiting.get(sender.identity);
      if (queue) queue.push(waiting);
      else this.#waiting.set(sender.identity, [waiting]);
      this.#reports += events.length;
      this.#octets += events.reduce((sum, event) => sum + octetsOf(event), 0);
      this.#plan();
    });
  }

  /** Resolves when nothing waits. */
  close(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #plan(): void {
    if (this.#isCommitting) return;
    if (this.#reports >= most.reports) {
      this.#commitSoon();
      return;
    }
    this.#cancel ??= this.#options.clock.after(gatherMs, () => this.#commitSoon());
  }

  #commitSoon(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isCommitting = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + turnMs;
    // As many as fit: what came in during one turn must not need many turns to be stored.
    do this.#storeAll(this.#draw());
    while (this.#waiting.size > 0 && clock.monotonicMs() < endMs);
    this.#isCommitting = false;
    if (this.#waiting.size > 0) {
      // Between two transactions everybody else has a turn.
      this.#commitSoon();
      return;
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** In turns, a few of each sender. */
  #draw(): readonly Drawn[] {
    const drawn: Drawn[] = [];
    let octets = 0;
    while (this.#waiting.size > 0 && drawn.length < most.reports && octets < most.octets) {
      const [[identity, queue] = ['', []]] = this.#waiting;
      this.#waiting.delete(identity);
      const few = fewOf(queue, Math.min(mostInTurn, most.reports - drawn.length));
      octets += few.reduce((sum, { event }) => sum + octetsOf(event), 0);
      drawn.push(...few);
      dropBegun(queue);
      if (queue.length > 0) this.#waiting.set(identity, queue);
    }
    this.#slots.did(drawn.length);
    this.#reports -= drawn.length;
    this.#octets -= octets;
    return drawn;
  }

  #storeAll(drawn: readonly Drawn[]): void {
    const receivedMs = this.#options.clock.now();
    try {
      this.#settle(drawn, this.#options.store.store(drawn, receivedMs), receivedMs);
    } catch (error) {
      this.#options.onFault(error);
      if (drawn.length === 1 && !isStorageFault(error)) {
        this.#setAside(drawn, receivedMs);
      } else if (isStorageFault(error)) {
        this.#giveUp(drawn, error);
      } else {
        // One of them cannot be stored: each by itself, so that it harms no other.
        for (const one of drawn) this.#storeAll([one]);
      }
    }
  }

  #setAside(drawn: readonly Drawn[], receivedMs: number): void {
    const aside = drawn.map((one) => ({ ...one, event: { reason: 'unstorable' } as const }));
    this.#settle(
      aside,
      aside.map(() => ({ kind: 'rejected' })),
      receivedMs,
    );
  }

  #giveUp(drawn: readonly Drawn[], error: unknown): void {
    for (const waiting of new Set(drawn.map((one) => one.waiting))) {
      // Nothing more of it is begun.
      const left = waiting.events.slice(waiting.begun);
      waiting.begun = waiting.events.length;
      this.#reports -= left.length;
      this.#octets -= left.reduce((sum, event) => sum + octetsOf(event), 0);
      waiting.fail(error);
    }
    for (const [identity, queue] of [...this.#waiting]) {
      dropBegun(queue);
      if (queue.length === 0) this.#waiting.delete(identity);
    }
  }

  #settle(drawn: readonly Drawn[], outcomes: readonly Stored[], receivedMs: number): void {
    const stored: StoredEvent[] = [];
    drawn.forEach(({ event, sender, waiting }, index) => {
      const outcome = outcomes[index] ?? { kind: 'rejected' };
      waiting.outcomes.push(outcome);
      if (outcome.kind === 'stored' && !isRejection(event)) {
        const { arrival, delegate } = outcome;
        const { source, id, timeMs = receivedMs, facts, document } = event;
        const { name, identity } = sender;
        const who = { source, id, delegate, sender: name, identity };
        stored.push({ ...who, arrival, timeMs, receivedMs, facts, document });
      }
    });
    if (stored.length > 0) this.#options.onStored(stored);
    for (const waiting of new Set(drawn.map((one) => one.waiting))) {
      if (waiting.outcomes.length === waiting.events.length) waiting.settle(acknowledge(waiting));
    }
  }
}

function fewOf(queue: readonly Waiting[], count: number): readonly Drawn[] {
  const drawn: Drawn[] = [];
  for (const waiting of queue) {
    const events = waiting.events.slice(waiting.begun, waiting.begun + count - drawn.length);
    waiting.begun += events.length;
    drawn.push(...events.map((event) => ({ event, sender: waiting.sender, waiting })));
    if (drawn.length === count) break;
  }
  return drawn;
}

/** From the front, for they are begun in order. */
function dropBegun(queue: Waiting[]): void {
  const left = queue.findIndex(({ begun, events }) => begun < events.length);
  queue.splice(0, left === -1 ? queue.length : left);
}

function acknowledge({ events, outcomes }: Waiting): Acknowledgement {
  const idsOf = (kind: Stored['kind']): readonly string[] =>
    events.flatMap((event, index) =>
      outcomes[index]?.kind === kind && event.id !== undefined ? [event.id] : [],
    );
  const rejected = events.flatMap((event, index): readonly RejectedEvent[] => {
    if (outcomes[index]?.kind !== 'rejected') return [];
    const reason = isRejection(event) ? event.reason : 'unstorable';
    return [{ index, reason, ...(event.id !== undefined && { id: event.id }) }];
  });
  return { kind: 'taken', stored: idsOf('stored'), duplicates: idsOf('duplicate'), rejected };
}

/** A rejection is small. */
function octetsOf(event: ReceivedEvent | Rejection): number {
  return isRejection(event) ? 4_096 : event.report.length;
}
