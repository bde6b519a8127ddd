/** Many senders at once, as agents are: one batch in flight, a connection for as long as it is of use; HTTP/1.1 written by hand, to be cheap. */
import { connect as connectPlain, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { systemRandom, uuidV7 } from '../../src/base/random.ts';
import { fullJitter, retryDefaults } from '../../src/retry/backoff.ts';
import { type Form, fill, formOf, type Outcome } from './sample-body.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** PEM; over TLS when it is given. */
  readonly ca?: string;
}

export interface Tally {
  sent: number;
  stored: number;
  /** Told to come again; sent again until they are stored. */
  busy: number;
  /** Answers of other kinds. */
  faults: number;
  /** Connections that ended with a batch unanswered; it is sent again, as agents do. */
  broken: number;
  connections: number;
  /** Handshakes by ticket, of `connections`. */
  resumed: number;
  batches: number;
  latenciesMs: number[];
}

export interface Fleet {
  readonly tally: Tally;
  /** Of everything that was answered as stored. */
  readonly ids: readonly string[];
  /** One report of the next delegate, answered or not. */
  send(outcome: Outcome): void;
  /** Waits until everything is stored. */
  settle(withinMs: number): Promise<void>;
  close(): void;
}

interface Report {
  readonly id: string;
  readonly outcome: Outcome;
  readonly dueMs: number;
}

interface Sender {
  readonly number: number;
  socket: Socket | undefined;
  /** Of the last TLS session, by which the next one is cheap. */
  ticket: Buffer | undefined;
  readonly waiting: Report[];
  /** The batch that is in flight, or is to be sent again. */
  batch: readonly Report[];
  text: string;
  /** One after the other. */
  failures: number;
  idle: NodeJS.Timeout | undefined;
  /** Home has much to do, and gets what waits at once later. */
  pause: NodeJS.Timeout | undefined;
}

interface Ground {
  readonly place: Place;
  readonly tally: Tally;
  readonly ids: string[];
  readonly keepMs: number;
  readonly forms: Readonly<Record<Outcome, Form>>;
}

/** As the agent's delivery. */
const maxBatch = 100;

const { delivery } = retryDefaults;
const now = (): number => performance.now();

export function emptyTally(): Tally {
  const answers = { sent: 0, stored: 0, busy: 0, faults: 0 };
  return { ...answers, broken: 0, connections: 0, resumed: 0, batches: 0, latenciesMs: [] };
}

/** Delegates `first` to `first + count`; each closes its connection when it has had nothing to send for `keepMs`. */
export function openFleet(
  place: Place,
  { first, count, keepMs }: Readonly<Record<'first' | 'count' | 'keepMs', number>>,
): Fleet {
  const tally = emptyTally();
  const ids: string[] = [];
  const forms = { accepted: formOf('accepted'), rejected: formOf('rejected') };
  const ground: Ground = { place, tally, ids, keepMs, forms };
  const senders = Array.from({ length: count }, (_, index): Sender => {
    const number = first + index;
    const none = { socket: undefined, ticket: undefined, idle: undefined, pause: undefined };
    return { number, ...none, waiting: [], batch: [], text: '', failures: 0 };
  });
  let next = 0;
  return {
    tally,
    ids,
    send: (outcome) => {
      const sender = senders[next % count];
      next += 1;
      if (!sender) return;
      sender.waiting.push({ id: uuidV7(Date.now(), systemRandom), outcome, dueMs: now() });
      tally.sent += 1;
      if (sender.batch.length === 0 && !sender.pause) begin(sender, ground);
    },
    settle: async (withinMs) => {
      const endMs = now() + withinMs;
      while (tally.stored < tally.sent && now() < endMs) await sleep(20);
    },
    close: () => {
      for (const { socket, idle, pause } of senders) {
        clearTimeout(idle);
        clearTimeout(pause);
        socket?.removeAllListeners('close').destroy();
      }
    },
  };
}

/** All that waits, as one batch. */
function begin(sender: Sender, ground: Ground): void {
  sender.batch = sender.waiting.splice(0, maxBatch);
  if (sender.batch.length === 0) {
    sender.idle = setTimeout(() => sender.socket?.end(), ground.keepMs);
    return;
  }
  clearTimeout(sender.idle);
  write(sender, ground);
}

function write(sender: Sender, ground: Ground): void {
  const { socket, batch, number } = sender;
  if (!socket?.writable) {
    connect(sender, ground);
    return;
  }
  const { host } = ground.place;
  const events = batch.map(({ id, outcome }) => fill(ground.forms[outcome], number, id));
  const body = `[${events.join(',')}]`;
  ground.tally.batches += 1;
  socket.write(
    `POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/cloudevents-batch+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}

function connect(sender: Sender, ground: Ground): void {
  const { place, tally } = ground;
  const socket = dial(sender, place);
  sender.socket = socket;
  sender.text = '';
  tally.connections += 1;
  socket.setNoDelay(true);
  socket.once(place.ca === undefined ? 'connect' : 'secureConnect', () => {
    if ('isSessionReused' in socket && socket.isSessionReused()) tally.resumed += 1;
    write(sender, ground);
  });
  socket.on('session', (ticket: Buffer) => {
    sender.ticket = ticket;
  });
  socket.on('data', (chunk) => onData(sender, ground, chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    if (sender.socket !== socket) return;
    sender.socket = undefined;
    if (sender.batch.length === 0) return;
    tally.broken += 1;
    sender.failures += 1;
    setTimeout(() => write(sender, ground), fullJitter(delivery, sender.failures, Math.random()));
  });
}

/** From many addresses of loopback, for one has only so many ports, and may show only so many strangers. */
function dial({ number, ticket }: Sender, { host, port, ca }: Place) {
  const ends = { host, port, localAddress: `127.0.1.${1 + (number % 200)}` };
  if (ca === undefined) return connectPlain(ends);
  return connectTls({ ...ends, ca, servername: 'localhost', ...(ticket && { session: ticket }) });
}

function onData(sender: Sender, ground: Ground, chunk: Buffer): void {
  sender.text += chunk.toString('latin1');
  const answer = /^HTTP\/1\.1 (\d+).*?content-length: (\d+).*?\r\n\r\n/is.exec(sender.text);
  if (!answer || sender.text.length < answer[0].length + Number(answer[2])) return;
  sender.text = sender.text.slice(answer[0].length + Number(answer[2]));
  if (/^connection: close/im.test(answer[0])) {
    sender.socket?.end();
    sender.socket = undefined;
  }
  const retryMs = 1_000 * Number(/retry-after: (\d+)/i.exec(answer[0])?.[1] ?? 0);
  const status = Number(answer[1]);
  if (status === 200) {
    onStored(sender, ground);
    if (retryMs === 0) begin(sender, ground);
    else pause(sender, ground, retryMs);
    return;
  }
  ground.tally[status === 429 || status === 503 ? 'busy' : 'faults'] += 1;
  setTimeout(() => write(sender, ground), retryMs || 1_000);
}

function onStored(sender: Sender, { tally, ids }: Ground): void {
  tally.stored += sender.batch.length;
  for (const { id, dueMs } of sender.batch) {
    tally.latenciesMs.push(now() - dueMs);
    ids.push(id);
  }
  sender.batch = [];
  sender.failures = 0;
}

function pause(sender: Sender, ground: Ground, ms: number): void {
  sender.pause = setTimeout(() => {
    sender.pause = undefined;
    begin(sender, ground);
  }, ms);
}
