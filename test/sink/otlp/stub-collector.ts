/** A Collector that answers what the test tells it to, and remembers what it was sent. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import {
  attributesOf,
  decode,
  encodeAnswer,
  type LogRecord,
  type Metric,
  type SignalName,
} from './decode.ts';

export interface Received {
  readonly signal: SignalName;
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly contentType: string;
  /** Without gzip. */
  readonly body: Buffer;
}

/** A status with a body, or something rougher that it did itself. `number` counts the requests of one signal from 1. */
export type Behaviour = (
  received: Received,
  number: number,
  response: ServerResponse,
) => { status: number; answer?: object; headers?: Record<string, string> } | 'handled';

export interface StubCollector {
  readonly url: string;
  readonly received: Received[];
  behave(behaviour: Behaviour): void;
  of(signal: SignalName): readonly Received[];
}

export async function stubCollector(
  first: Behaviour = () => ({ status: 200 }),
  tls?: ServerOptions,
): Promise<StubCollector> {
  let behaviour = first;
  const received: Received[] = [];
  const of = (signal: SignalName): readonly Received[] =>
    received.filter((each) => each.signal === signal);
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = receivedIn(request, Buffer.concat(chunks));
      received.push(one);
      const said = behaviour(one, of(one.signal).length, response);
      if (said === 'handled') return;
      const { signal, contentType } = one;
      response.writeHead(said.status, { 'content-type': contentType, ...said.headers });
      response.end(encodeAnswer(signal, contentType, said.answer ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    behave: (next) => {
      behaviour = next;
    },
    of,
  };
}

function receivedIn({ url = '', method = '', headers }: IncomingMessage, raw: Buffer): Received {
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  const signal = url.includes('metrics') ? 'metrics' : 'logs';
  const contentType = headers['content-type'] ?? '';
  return { signal, path: url, method, headers, contentType, body };
}

/** The records of one request of logs, whatever their resource. */
export function recordsIn({ contentType, body }: Received): readonly LogRecord[] {
  return decode('logs', contentType, body).resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
}

/** By the ids of the reports. */
export function idsIn(received: Received): readonly unknown[] {
  return recordsIn(received).map(({ attributes }) => attributesOf(attributes)['log.record.uid']);
}

export function metricsIn({ contentType, body }: Received): readonly Metric[] {
  return decode('metrics', contentType, body).resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics),
  );
}
