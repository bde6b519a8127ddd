/** One receiver of notifications: its place in the outbox, its delivery loop, its counts. Nobody waits for another. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { NotifyConfig } from '../../config/load-notify.ts';
import type { NotifyFormat, NotifyReceiver } from '../../config/notify-receiver.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import type { Backoff } from '../../retry/backoff.ts';
import { DeliveryLoop } from '../../sink/delivery/delivery-loop.ts';
import type { Trouble } from '../../sink/delivery/trouble.ts';
import type { Cursor } from '../../sink/spool/spooled-report.ts';
import { alertAgainMs } from './bodies/alertmanager.ts';
import type { Outbox } from './outbox.ts';
import { postNotices } from './post-notices.ts';
import { receiverKey } from './receiver.ts';

export interface ReceiverCounts {
  readonly name: string;
  readonly format: NotifyFormat;
  /** Since home started. */
  readonly sent: number;
  /** That it refused, or that were dropped for their age or number. */
  readonly failed: number;
  readonly waiting: number;
}

export interface Notified {
  readonly key: string;
  wake(): void;
  lose(notices: number): void;
  counts(): ReceiverCounts;
  close(): Promise<void>;
}

export interface NotifyGround extends Omit<NotifyConfig, 'receivers'> {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  /** What is open now, for those who must be told again and again. */
  readonly open: () => readonly IncidentRecord[];
  /** Once per change; `none` when it is over. Must not throw. */
  readonly onTrouble?: (receiver: string, trouble: Trouble) => void;
  readonly backoff?: Backoff;
  readonly timeoutMs?: number;
}

/** Begins to deliver what waits. */
export function notifyReceiver(receiver: NotifyReceiver, ground: NotifyGround): Notified {
  const { outbox, clock, random, backoff, timeoutMs, onTrouble } = ground;
  const key = receiverKey(receiver);
  const count = { sent: 0, failed: 0 };
  const onSent = (): void => {
    count.sent += 1;
  };
  const onFailed = (notices: number): void => {
    count.failed += notices;
  };
  const carrier = postNotices({ ...ground, receiver, onSent });
  const loop = new DeliveryLoop({
    carrier,
    spool: cursorOf(key, outbox, onFailed),
    clock,
    random,
    ...(backoff && { backoff }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    onTrouble: (trouble) => {
      if (trouble.code === 'gone') outbox.forget(key);
      onTrouble?.(receiver.name, trouble);
    },
  });
  loop.start();
  const endTelling =
    receiver.format === 'alertmanager'
      ? tellAgain(clock, async (signal) => {
          // What waits is told first, in its order.
          if (outbox.waiting(key) === 0) await carrier.tellOpen(ground.open, signal);
        })
      : () => {};
  return {
    key,
    wake: () => loop.wake(),
    lose: onFailed,
    counts: () => ({
      name: receiver.name,
      format: receiver.format,
      ...count,
      waiting: outbox.waiting(key),
    }),
    close: async () => {
      endTelling();
      await loop.stop();
    },
  };
}

/** The outbox as the delivery loop knows a spool, one notice a batch. */
function cursorOf(key: string, outbox: Outbox, onFailed: (notices: number) => void): Cursor {
  let sequence = 0;
  const done = (): void => outbox.done(key, sequence);
  return {
    nextBatch: ({ through }) => {
      const notice = outbox.next(key);
      if (!notice || notice.sequence > (through ?? Number.MAX_SAFE_INTEGER)) return [];
      const { record } = notice;
      const body = JSON.stringify(record);
      sequence = notice.sequence;
      return [{ sequence, id: record.id, time: record.time, sizeBytes: body.length, body }];
    },
    acknowledge: done,
    setAside: () => {
      done();
      onFailed(1);
    },
    lose: (_, notices) => onFailed(notices),
    stats: () => ({
      name: key,
      waiting: outbox.waiting(key),
      waitingBytes: 0,
      lost: { age: 0, size: 0, rejected: 0, storage: 0 },
    }),
  };
}

const tellTimeoutMs = 10_000;

/** At once and then every minute; what fails is told by the next one, and by the loop where something waits. */
function tellAgain(clock: Clock, tell: (signal: AbortSignal) => Promise<void>): () => void {
  const ending = new AbortController();
  let cancel = clock.after(0, run);
  function run(): void {
    cancel = clock.after(alertAgainMs, run);
    const timeout = new AbortController();
    const cancelTimeout = clock.after(tellTimeoutMs, () => timeout.abort());
    tell(AbortSignal.any([ending.signal, timeout.signal]))
      .catch(() => undefined)
      .finally(cancelTimeout);
  }
  return () => {
    cancel();
    ending.abort();
  };
}
