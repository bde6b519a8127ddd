/** Many senders at once over connections that stay open: HTTP/1.1 as agents speak it, cheap enough to share two cores with home. */
import { connect as connectPlain, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { systemRandom, uuidV7 } from '../../src/base/random.ts';
import { sampleReport } from './sample-report.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** PEM; over TLS when it is given. */
  readonly ca?: string;
  readonly token?: string;
}

export interface Tally {
  sent: number;
  stored: number;
  /** Told to come again; sent again until they are stored. */
  busy: number;
  /** Answers of other kinds, and connections that broke. */
  faults: number;
  readonly latenciesMs: number[];
  readonly ids: string[];
}

export interface Fleet {
  readonly tally: Tally;
  /** One report of the next delegate, answered or not. */
  send(outcome: 'accepted' | 'rejected'): void;
  /** Waits until everything is stored. */
  settle(withinMs: number): Promise<void>;
  close(): void;
}

interface Sender {
  socket: Socket | undefined;
  readonly number: number;
  /** Reports that wait for their answer, the first one under way. */
  readonly queue: Report[];
  text: string;
}

interface Report {
  readonly id: string;
  readonly body: Buffer;
  readonly dueMs: number;
}

const now = (): number => performance.now();

/** Each connects when it has something to send, and stays connected. */
export function openFleet(place: Place, count: number): Fleet {
  const tally: Tally = { sent: 0, stored: 0, busy: 0, faults: 0, latenciesMs: [], ids: [] };
  const senders = Array.from({ length: count }, (_, number): Sender => {
    return { socket: undefined, number, queue: [], text: '' };
  });
  let next = 0;
  return {
    tally,
    send: (outcome) => {
      const sender = senders[next % count];
      next += 1;
      if (!sender) return;
      sender.queue.push(makeReport(sender.number, outcome));
      tally.sent += 1;
      if (!sender.socket) connect(sender, place, tally);
      else if (sender.queue.length === 1) write(sender, place);
    },
    settle: async (withinMs) => {
      const endMs = now() + withinMs;
      while (tally.stored < tally.sent && now() < endMs) await sleep(20);
    },
    close: () => {
      for (const { socket } of senders) socket?.removeAllListeners('close').destroy();
    },
  };
}

function makeReport(number: number, outcome: 'accepted' | 'rejected'): Report {
  const id = uuidV7(Date.now(), systemRandom);
  const event = {
    specversion: '1.0',
    id,
    source: `urn:sidelight:agent:${number}`,
    type: 'io.sidelight.report.v1',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: sampleReport(number, id, outcome),
  };
  return { id, body: Buffer.from(JSON.stringify([event])), dueMs: now() };
}

function connect(sender: Sender, place: Place, tally: Tally): void {
  const { host, port, ca } = place;
  const socket =
    ca === undefined
      ? connectPlain({ host, port })
      : connectTls({ host, port, ca, servername: 'localhost' });
  sender.socket = socket;
  sender.text = '';
  socket.setNoDelay(true);
  socket.once(ca === undefined ? 'connect' : 'secureConnect', () => write(sender, place));
  socket.on('data', (chunk) => onData(sender, place, tally, chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    sender.socket = undefined;
    if (sender.queue.length === 0) return;
    tally.faults += 1;
    setTimeout(() => connect(sender, place, tally), 200 * Math.random());
  });
}

function write({ socket, queue }: Sender, { host, token }: Place): void {
  const [report] = queue;
  if (!report || !socket) return;
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  socket.cork();
  socket.write(
    `POST / HTTP/1.1\r\nhost: ${host}\r\n${authorization}content-type: application/cloudevents-batch+json\r\ncontent-length: ${report.body.length}\r\n\r\n`,
  );
  socket.write(report.body);
  socket.uncork();
}

function onData(sender: Sender, place: Place, tally: Tally, chunk: Buffer): void {
  sender.text += chunk.toString('latin1');
  const answer = /^HTTP\/1\.1 (\d+).*?content-length: (\d+).*?\r\n\r\n/is.exec(sender.text);
  if (!answer || sender.text.length < answer[0].length + Number(answer[2])) return;
  sender.text = sender.text.slice(answer[0].length + Number(answer[2]));
  const status = Number(answer[1]);
  if (status === 200) {
    const report = sender.queue.shift();
    if (report) {
      tally.stored += 1;
      tally.latenciesMs.push(now() - report.dueMs);
      tally.ids.push(report.id);
    }
    write(sender, place);
    return;
  }
  if (status === 429 || status === 503) tally.busy += 1;
  else tally.faults += 1;
  const retryMs = 1_000 * Number(/retry-after: (\d+)/i.exec(answer[0])?.[1] ?? 1);
  setTimeout(() => write(sender, place), retryMs);
}
