/** A real home that ends with the test, and what is needed to send to it. */
import { once } from 'node:events';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { listReports } from '../../src/home/list-reports.ts';
import type { HomeOptions } from '../../src/home/start-home.ts';
import { startHome } from '../../src/home/start-home.ts';
import { temporaryDirectory } from '../state/temporary.ts';

export async function openHome(options: Partial<HomeOptions> = {}) {
  const dataDir = options.dataDir ?? join(temporaryDirectory(), 'data');
  const listen = { host: '127.0.0.1', port: 0 };
  const started = await startHome({ listen, clock: systemClock, ...options, dataDir });
  onTestFinished(() => started.close().catch(() => {}));
  return { ...started, dataDir, reports: () => [...listReports(dataDir)] };
}

export function reportEvent(
  id: string,
  { source = 'urn:sidelight:agent:a', ...facts }: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source,
    type: 'io.sidelight.report.v1',
    time: '2026-11-23T14:00:00.000Z',
    data: { schema: 'sidelight.report/1', id, ...facts },
  };
}

/** A sender with one connection that stays open. */
export function openSender(
  url: string,
  { token, tls = {} }: { readonly token?: string; readonly tls?: Record<string, unknown> } = {},
) {
  const isTls = url.startsWith('https');
  const settings = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new TlsAgent({ ...settings, ...tls }) : new PlainAgent(settings);
  onTestFinished(() => agent.destroy());
  return async (events: readonly unknown[]) => {
    const request = (isTls ? tlsRequest : plainRequest)(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/cloudevents-batch+json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...tls,
    });
    request.end(JSON.stringify(events));
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return {
      status: response.statusCode as number,
      retryAfter: response.headers['retry-after'] as string | undefined,
      body: JSON.parse(text) as Record<string, unknown>,
      isReused: request.reusedSocket,
    };
  };
}
