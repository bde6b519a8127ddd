/** Somebody who looks at home's page meanwhile: how long it takes to appear, and how long it goes on showing what was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { WebSocket } from 'ws';
import type { Place } from './senders.ts';

export interface Seen {
  /** The longest that the page took to appear. */
  readonly pageMs: number;
  /** The longest between two notices that something has changed, while something always did. */
  readonly silentMs: number;
}

export interface Visitor {
  /** Since the last time that it was asked. */
  seen(): Seen;
  end(): Promise<void>;
}

/** Loads the page each second. */
export async function visit({ port, ca }: Place): Promise<Visitor> {
  const url = `${ca === undefined ? 'http' : 'https'}://localhost:${port}`;
  const agent = new Agent({ connect: { ...(ca !== undefined && { ca }) } });
  const live = new WebSocket(`${url.replace('http', 'ws')}/ui/live`, {
    origin: url,
    ...(ca !== undefined && { ca }),
  });
  await new Promise((resolve, reject) => live.once('open', resolve).once('error', reject));
  const ending = new AbortController();
  let pageMs = 0;
  let silentMs = 0;
  let toldMs: number | undefined;
  live.on('message', () => {
    const nowMs = performance.now();
    silentMs = Math.max(silentMs, nowMs - (toldMs ?? nowMs));
    toldMs = nowMs;
  });
  const load = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const began = performance.now();
      const page = await fetch(`${url}/ui/`, { dispatcher: agent });
      if (!page.ok || !(await page.text()).includes('</html>')) throw new Error('no page');
      pageMs = Math.max(pageMs, performance.now() - began);
      await sleep(1_000);
    }
  };
  const loading = load();
  return {
    seen: () => {
      const seen = { pageMs, silentMs };
      pageMs = 0;
      silentMs = 0;
      toldMs = undefined;
      return seen;
    },
    end: async () => {
      ending.abort();
      await loading;
      live.terminate();
      await agent.close();
    },
  };
}
