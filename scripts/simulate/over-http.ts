/** A real home in this process, reached over real HTTP, whose clock is the scenario's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun, errorCode } from '../../src/base/cannot-run.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { IncidentEvent } from '../../src/home/incidents/incident.ts';
import { startHome } from '../../src/home/start-home.ts';
import { batchContentType, cloudEventBatch } from '../../src/sink/home/cloud-event.ts';
import type { Sent } from './agents.ts';
import type { Receiver } from './play.ts';
import type { HomeElsewhere } from './settings.ts';

export interface OverHttp {
  readonly receiver: Receiver;
  /** Whether home lets us in. Throws CannotRun where it does not, or is not there. */
  greet(): Promise<void>;
  close(): Promise<void>;
}

/** Real connections that stay open; each request brings what one agent has to say. */
const connections = 64;

export async function homeInProcess(startMs: number): Promise<OverHttp> {
  const clock = new ScenarioClock(startMs);
  const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir: join(directory, 'data'),
    clock,
    onFault: (error) => {
      throw error;
    },
  });
  const told: IncidentEvent[] = [];
  home.incidents.onEvents((events) => told.push(...events));
  const { receiver, greet, close } = homeElsewhere({ url: home.url, tokens: [] });
  return {
    greet,
    receiver: {
      second: async (sent, nowMs) => {
        clock.advance(nowMs);
        await receiver.second(sent, nowMs);
        return told.splice(0);
      },
    },
    close: async () => {
      await close();
      await home.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What it says of it is not seen from here. */
export function homeElsewhere({ url, tokens, ca }: Omit<HomeElsewhere, 'speed'>): OverHttp {
  const settings = { keepAlive: true, maxSockets: connections };
  const isTls = url.startsWith('https:');
  const agent = isTls
    ? new TlsAgent({ ...settings, ...(ca !== undefined && { ca }) })
    : new PlainAgent(settings);
  const way: Way = { url, agent, send: isTls ? tlsRequest : plainRequest };
  /** By source: what one token brought first, another one cannot speak for. */
  const given = new Map<string, string>();
  const tokenOf = (source: string): string | undefined => {
    const token = given.get(source) ?? tokens[given.size % tokens.length];
    if (token !== undefined) given.set(source, token);
    return token;
  };
  return {
    greet: async () => {
      for (const token of tokens.length > 0 ? tokens : [undefined]) await insist(way, '[]', token);
    },
    receiver: {
      second: async (sent) => {
        const batches = [...byAgent(sent)];
        await Promise.all(batches.map((batch) => deliver(way, batch, tokenOf(batch[0]))));
        return [];
      },
    },
    close: async () => agent.destroy(),
  };
}

interface Way {
  readonly url: string;
  readonly agent: PlainAgent;
  readonly send: typeof plainRequest;
}

function byAgent(sent: readonly Sent[]): ReadonlyMap<string, readonly Sent[]> {
  return Map.groupBy(sent, ({ source }) => source);
}

async function deliver(
  way: Way,
  [source, sent]: readonly [string, readonly Sent[]],
  token: string | undefined,
): Promise<void> {
  const documents = sent.map(({ report }) => ({
    id: report.id,
    time: report.time,
    ...(report.sequence !== undefined && { sequence: report.sequence }),
    body: JSON.stringify(report),
  }));
  await insist(way, cloudEventBatch(source.replace('urn:sidelight:agent:', ''), documents), token);
}

/** Longer than a home that is busy lets anybody wait. */
const patienceMs = 60_000;

/** As long as home asks to come again. */
async function insist(way: Way, batch: string, token: string | undefined): Promise<void> {
  const body = Buffer.from(batch);
  const beganMs = performance.now();
  for (;;) {
    const { status, retryAfterMs, text } = await post(way, body, token);
    if (status === 200) return;
    const isBusy = status === 429 || status === 503;
    if (!isBusy || performance.now() - beganMs > patienceMs) {
      throw refusal(way.url, status, text, token);
    }
    await systemClock.sleep(Math.min(retryAfterMs, 1_000));
  }
}

function refusal(url: string, status: number, text: string, token: string | undefined): CannotRun {
  const said = `${url} answered ${status}`;
  const problem = (what: string, expected: string): CannotRun =>
    new CannotRun([{ where: '--home', what, expected }]);
  switch (status) {
    case 401:
    case 403:
      return problem(
        `${said}: it ${token === undefined ? 'asks for a token' : 'does not know the token'}`,
        '--token-file FILE with tokens of the file that this home was given',
      );
    case 429:
    case 503:
      return problem(
        `${said} for ${patienceMs / 1_000} s, and: ${text}`,
        'fewer --agents, or delegates=N before the token in the file of home',
      );
    default:
      return problem(said, 'the address of a home, as it says it at its start');
  }
}

function unreachable(url: string, error: unknown): CannotRun {
  const expected = 'a home that listens there; where its CA is its own, --home-ca FILE';
  const what = `${url} cannot be reached (${errorCode(error)})`;
  return new CannotRun([{ where: '--home', what, expected }], { cause: error });
}

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number;
  /** The beginning of what it says. */
  readonly text: string;
}

function post({ url, agent, send }: Way, body: Buffer, token: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': batchContentType,
      'content-length': body.length,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const failed = (error: unknown): void => {
      // Home ends connections that nobody uses, perhaps while this one was taken up again.
      if (sending.reusedSocket) resolve({ status: 503, retryAfterMs: 0, text: errorCode(error) });
      else reject(unreachable(url, error));
    };
    const sending = send(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).slice(0, 256);
      });
      response.once('end', () => {
        const retryAfterMs = 1_000 * Number(response.headers['retry-after'] ?? 1);
        resolve({ status: response.statusCode ?? 0, retryAfterMs, text });
      });
      response.once('error', failed);
    });
    sending.once('error', failed);
    sending.end(body);
  });
}

/** From this on, waits are the scenario's; shorter ones gather what arrives together, and are real. */
const realBelowMs = 500;

/** The scenario's time: it moves on when it is told to, and calls what has come due. */
class ScenarioClock implements Clock {
  #nowMs: number;
  readonly #due = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Runs ahead of the real clock: what is rationed by it is rationed by the scenario's time. */
  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs, signal);
  }

  after(delayMs: number, callback: () => void): () => void {
    if (delayMs < realBelowMs) return systemClock.after(delayMs, callback);
    const waiting = { atMs: this.#nowMs + delayMs, callback };
    this.#due.add(waiting);
    return () => void this.#due.delete(waiting);
  }

  advance(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const waiting of [...this.#due]) {
      if (waiting.atMs > nowMs || !this.#due.delete(waiting)) continue;
      waiting.callback();
    }
  }
}
