import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Metrics } from '../../../src/sink/metrics/metrics.ts';
import { startMetricsServer } from '../../../src/sink/metrics/metrics-server.ts';

const loopback = { host: '127.0.0.1', port: 0 };

async function serve(changes: Partial<Metrics> = {}): Promise<string> {
  const metrics: Metrics = {
    looked: () => {},
    watching: () => {},
    isComplete: () => true,
    text: async () => 'probe_success 1\n',
    ...changes,
  };
  const server = await startMetricsServer(loopback, metrics);
  onTestFinished(server.close);
  return `http://127.0.0.1:${server.port}`;
}

test.for([
  ['GET', '/metrics', 200, 'probe_success 1\n'],
  ['GET', '/metrics?name=x', 200, 'probe_success 1\n'],
  ['HEAD', '/metrics', 200, ''],
  ['GET', '/healthz', 200, 'alive\n'],
  ['GET', '/readyz', 200, 'every target has been looked at\n'],
  ['GET', '/', 404, 'there are /metrics, /healthz and /readyz\n'],
  ['POST', '/metrics', 405, 'only GET\n'],
] as const)('%s %s', async ([method, path, status, text]) => {
  const answer = await fetch(`${await serve()}${path}`, { method });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('metrics have the type that Prometheus knows', async () => {
  const answer = await fetch(`${await serve()}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});

test('it is not ready before every target has been looked at', async () => {
  const base = await serve({ isComplete: () => false });
  expect((await fetch(`${base}/readyz`)).status).toBe(503);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
});

test('what goes wrong within says no more than that', async () => {
  const base = await serve({ text: () => Promise.reject(new Error('secret')) });
  const answer = await fetch(`${base}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([500, 'the metrics could not be written\n']);
});

test('a port that is taken is said at once', async () => {
  const port = Number((await serve()).replace(/^.*:/, ''));
  const other = startMetricsServer({ ...loopback, port }, {} as Metrics);
  await expect(other).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('whoever keeps a connection open does not hold up the end', async () => {
  const metrics = { isComplete: () => true } as Metrics;
  const server = await startMetricsServer(loopback, metrics);
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /healthz HTTP/1.1\r\n');
  const beforeMs = performance.now();
  await server.close();
  expect(performance.now() - beforeMs).toBeLessThan(500);
});
