/** A small HTTP server for those who ask: `/metrics`, `/healthz` and `/readyz`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Endpoint } from '../../config/config.ts';
import { type Metrics, metricsContentType } from './metrics.ts';

/** What is asked for at each request. */
type Measured = Pick<Metrics, 'isComplete' | 'text'>;

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Who keeps more open at once is no scraper. */
const maxConnections = 32;
const patienceMs = 5_000;

/** Rejects with the system's error when it cannot listen. Port 0: any free one. */
export async function startMetricsServer(
  { host, port }: Endpoint,
  metrics: Measured,
): Promise<MetricsServer> {
  const limits = { headersTimeout: patienceMs, requestTimeout: patienceMs, maxHeaderSize: 8_192 };
  const server = createServer(limits, (request, answer) => {
    answerTo(request, metrics).then(
      (said) => end(answer, request, said),
      () => end(answer, request, { status: 500, text: 'the metrics could not be written\n' }),
    );
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // What goes wrong with one connection is that connection's end.
  server.on('error', () => {});
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Said {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

async function answerTo({ method, url = '' }: IncomingMessage, metrics: Measured): Promise<Said> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET\n' };
  switch (url.replace(/\?.*$/s, '')) {
    case '/metrics':
      return { status: 200, text: await metrics.text(), type: metricsContentType };
    // Whoever answers is alive; whether the gateway accepts us is what /metrics is for.
    case '/healthz':
      return { status: 200, text: 'alive\n' };
    case '/readyz':
      return metrics.isComplete()
        ? { status: 200, text: 'every target has been looked at\n' }
        : { status: 503, text: 'some target has not been looked at yet\n' };
    default:
      return { status: 404, text: 'there are /metrics, /healthz and /readyz\n' };
  }
}

function end(answer: ServerResponse, { method }: IncomingMessage, said: Said): void {
  const { status, text, type = 'text/plain; charset=utf-8' } = said;
  answer.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  answer.end(method === 'HEAD' ? undefined : text);
}
