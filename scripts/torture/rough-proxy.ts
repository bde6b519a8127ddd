/** What stands between the agent and home: it cuts, slows down, repeats, holds back and refuses, as it is told. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export const manners = [
  'pass',
  /** Half of the request reaches home, then both connections are reset. */
  'cut-request',
  /** Home has stored it; the agent never hears of it. */
  'lose-answer',
  /** The answer ends in the midst of its body. */
  'cut-answer',
  /** An octet at a time. */
  'slow-answer',
  /** Home gets it twice. */
  'deliver-twice',
  /** The agent gets the answer twice. */
  'answer-twice',
  /** An earlier batch comes again, and its answer stands before that of this one. */
  'repeat-earlier',
  /** Nothing comes back for as long as the manner lasts. */
  'hang',
  'refuse',
] as const;
export type Manner = (typeof manners)[number];

/** With and without a time to wait; every one of them passes or splits, and none loses a report. */
const refusals: readonly (readonly [status: number, retryAfter?: string])[] = [
  [429, '1'],
  [503, '0'],
  [500],
  [502],
  [408],
  [404],
  [302],
  [401],
];

export interface RoughProxy {
  readonly port: number;
  behave(manner: Manner): void;
  /** How many requests were met in each manner. */
  readonly met: ReadonlyMap<Manner, number>;
  close(): void;
}

interface Batch {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export async function startRoughProxy(homePort: number, draw: () => number): Promise<RoughProxy> {
  let manner: Manner = 'pass';
  let earlier: Batch | undefined;
  const met = new Map<Manner, number>();
  const sockets = new Set<Socket>();
  const meet = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const now = manner;
    met.set(now, (met.get(now) ?? 0) + 1);
    if (now === 'refuse') return refuse(asked, answer, draw());
    const batch = { headers: asked.headers, body: await bodyOf(asked) };
    if (now === 'hang') return;
    if (now === 'cut-request') return cutRequest(homePort, batch, asked.socket);
    if (now === 'repeat-earlier' && earlier) await forward(homePort, earlier);
    if (now === 'deliver-twice') await forward(homePort, batch);
    const answered = await forward(homePort, batch);
    earlier = batch;
    await tell(now, answered, asked.socket, answer);
  };
  const server: Server = createServer((asked, answer) => {
    asked.on('error', () => undefined);
    answer.on('error', () => undefined);
    // Home is away, or somebody was cut off: the agent sees a reset.
    meet(asked, answer).catch(() => asked.socket.resetAndDestroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    met,
    behave: (next) => {
      manner = next;
      // Whoever hangs would hang until its deadline.
      if (next === 'pass') for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function forward(port: number, { headers, body }: Batch): Promise<Answer> {
  const asking = request({ host: '127.0.0.1', port, method: 'POST', headers, agent: false });
  asking.end(body);
  const [answered] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: answered.statusCode ?? 0, body: await bodyOf(answered) };
}

function cutRequest(port: number, { headers, body }: Batch, agent: Socket): void {
  const asking = request({ host: '127.0.0.1', port, method: 'POST', headers, agent: false });
  asking.on('error', () => undefined);
  asking.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    asking.socket?.resetAndDestroy();
    agent.resetAndDestroy();
  });
}

function refuse(asked: IncomingMessage, answer: ServerResponse, fraction: number): void {
  const [status, retryAfter] = refusals[Math.floor(fraction * refusals.length)] ?? [503];
  asked.resume();
  answer.writeHead(status, {
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    ...(status === 302 && { location: 'https://elsewhere.invalid/' }),
  });
  answer.end();
}

async function tell(
  manner: Manner,
  { status, body }: Answer,
  socket: Socket,
  answer: ServerResponse,
): Promise<void> {
  const head = `HTTP/1.1 ${status} \r\ncontent-length: ${body.length + 40}\r\n\r\n`;
  if (manner === 'lose-answer') return void socket.resetAndDestroy();
  if (manner === 'cut-answer') {
    return void socket.write(head + body.toString(), () => socket.resetAndDestroy());
  }
  if (manner === 'slow-answer') return drip(head + body.toString() + ' '.repeat(40), socket);
  if (manner === 'answer-twice') {
    const whole = `HTTP/1.1 ${status} \r\ncontent-length: 0\r\n\r\n`;
    return void socket.write(whole + whole);
  }
  answer.writeHead(status).end(body);
}

async function drip(text: string, socket: Socket): Promise<void> {
  for (const octet of Buffer.from(text)) {
    if (socket.destroyed) return;
    socket.write(Buffer.of(octet));
    await new Promise((done) => setTimeout(done, 10));
  }
}
