/** A real home in this process, reached over real HTTP, whose clock is the scenario's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { IncidentEvent } from '../../src/home/incidents/incident.ts';
import { startHome } from '../../src/home/start-home.ts';
import { batchContentType, cloudEventBatch } from '../../src/sink/home/cloud-event.ts';
import type { Sent } from './agents.ts';
import type { Receiver } from './play.ts';

export interface OverHttp {
  readonly receiver: Receiver;
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
  const { receiver, close } = homeElsewhere(home.url);
  return {
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
export function homeElsewhere(url: string, token?: string): OverHttp {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    receiver: {
      second: async (sent) => {
        await Promise.all([...byAgent(sent)].map((batch) => deliver(url, agent, batch, token)));
        return [];
      },
    },
    close: async () => agent.destroy(),
  };
}

function byAgent(sent: readonly Sent[]): ReadonlyMap<string, readonly Sent[]> {
  return Map.groupBy(sent, ({ source }) => source);
}

async function deliver(
  url: string,
  agent: Agent,
  [source, sent]: readonly [string, readonly Sent[]],
  token: string | undefined,
): Promise<void> {
  const documents = sent.map(({ report }) => ({
    id: report.id,
    time: report.time,
    ...(report.sequence !== undefined && { sequence: report.sequence }),
    body: JSON.stringify(report),
  }));
  const body = Buffer.from(cloudEventBatch(source.replace('urn:sidelight:agent:', ''), documents));
  for (;;) {
    const { status, retryAfterMs } = await post(url, agent, body, token);
    if (status === 200) return;
    if (status !== 429 && status !== 503) throw new Error(`home answered ${status}`);
    await systemClock.sleep(Math.min(retryAfterMs, 1_000));
  }
}

function post(
  url: string,
  agent: Agent,
  body: Buffer,
  token: string | undefined,
): Promise<{ readonly status: number; readonly retryAfterMs: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': batchContentType,
      'content-length': body.length,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        const retryAfterMs = 1_000 * Number(response.headers['retry-after'] ?? 1);
        resolve({ status: response.statusCode ?? 0, retryAfterMs });
      });
    });
    sending.once('error', reject);
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
