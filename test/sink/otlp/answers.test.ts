/** What a Collector may answer, and what follows from it. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { otlpProtocols } from '../../../src/config/config.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { acceptedReport, batchOf, carrying, configFor } from './carrying.ts';
import { idsIn, stubCollector } from './stub-collector.ts';

const batch = batchOf([acceptedReport('a'), acceptedReport('b')]);

test.each([
  [
    429,
    { 'retry-after': '7' },
    { verdict: 'retry', retryAfterMs: 7000, trouble: { code: 'overloaded', status: 429 } },
  ],
  [502, {}, { verdict: 'retry', trouble: { code: 'server-error', status: 502 } }],
  [
    503,
    { 'retry-after': '1' },
    { verdict: 'retry', retryAfterMs: 1000, trouble: { code: 'overloaded', status: 503 } },
  ],
  [504, {}, { verdict: 'retry', trouble: { code: 'server-error', status: 504 } }],
  [400, {}, { verdict: 'set-aside', reason: 'http-400' }],
  [404, {}, { verdict: 'set-aside', reason: 'http-404' }],
  [408, {}, { verdict: 'set-aside', reason: 'http-408' }],
  [
    500,
    {},
    {
      verdict: 'set-aside',
      reason: 'http-500',
      trouble: { code: 'reports-refused', status: 500 },
    },
  ],
  [501, {}, { verdict: 'set-aside', reason: 'http-501' }],
  [401, {}, { verdict: 'pause', trouble: { code: 'unauthorized', status: 401 } }],
  [403, {}, { verdict: 'pause' }],
  [410, {}, { verdict: 'stop', reason: 'http-410' }],
  [413, {}, { verdict: 'split', reason: 'http-413' }],
  [
    302,
    { location: 'http://elsewhere.example/' },
    { verdict: 'retry', trouble: { code: 'redirected', status: 302 } },
  ],
] as const)('logs that are answered with %i', async (status, headers, expected) => {
  const collector = await stubCollector(() => ({ status, headers }));
  const { carry } = carrying(configFor(collector.url));
  expect(await carry(batch)).toMatchObject(expected);
  // One request, and no metrics of what was not taken.
  expect(collector.received.map(({ signal }) => signal)).toEqual(['logs']);
});

test.each(otlpProtocols)(
  'a partial success is counted, told and never sent again, by %s',
  async (protocol) => {
    const collector = await stubCollector(({ signal }) => ({
      status: 200,
      answer: {
        partialSuccess:
          signal === 'logs'
            ? { rejectedLogRecords: '1', errorMessage: 'too \u001b[31mold' }
            : { rejectedDataPoints: '3' },
      },
    }));
    const { carry, said } = carrying(configFor(collector.url, { protocol }, { protocol }));
    expect(await carry(batch)).toEqual({ verdict: 'delivered', refusedCount: 1 });
    expect(said).toEqual([
      {
        message: 'the Collector refused a part',
        facts: { signal: 'logs', rejected: 1, said: 'too \\u001b[31mold' },
      },
      {
        message: 'the Collector refused a part',
        facts: { signal: 'metrics', rejected: 3, said: '' },
      },
    ]);
    expect(collector.received).toHaveLength(2);
  },
);

test('a Collector that refuses a part of every batch is told of once, and when it takes all again', async () => {
  let isStrict = true;
  const strict = { partialSuccess: { rejectedLogRecords: '1', errorMessage: 'too old' } };
  const collector = await stubCollector(({ signal }) => ({
    status: 200,
    ...(isStrict && signal === 'logs' && { answer: strict }),
  }));
  const { carry, said } = carrying(configFor(collector.url));
  for (let round = 0; round < 5; round += 1)
    await carry(batchOf([acceptedReport(`r${round}`)], 1 + round));
  expect(said).toEqual([
    {
      message: 'the Collector refused a part',
      facts: { signal: 'logs', rejected: 1, said: 'too old' },
    },
  ]);
  isStrict = false;
  for (let round = 5; round < 8; round += 1)
    await carry(batchOf([acceptedReport(`r${round}`)], 1 + round));
  expect(said.slice(1)).toEqual([
    { message: 'the Collector takes all of it again', facts: { signal: 'logs', times: 5 } },
  ]);
});

test('a partial success that refuses nothing is a word to people', async () => {
  const answer = { partialSuccess: { errorMessage: 'move to another endpoint' } };
  const collector = await stubCollector(() => ({ status: 200, answer }));
  const { carry, said } = carrying(configFor(collector.url));
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
  expect(said[0]).toMatchObject({ facts: { rejected: 0, said: 'move to another endpoint' } });
});

test.each([
  ['more than was sent', { partialSuccess: { rejectedLogRecords: '999' } }, 2],
  [
    'less than nothing',
    { partialSuccess: { rejectedLogRecords: '-5', errorMessage: '' } },
    undefined,
  ],
  ['no number', { partialSuccess: { rejectedLogRecords: 'many' } }, undefined],
  ['no object', { partialSuccess: 7 }, undefined],
])('a partial success that refuses %s counts what it can', async (_, answer, refusedCount) => {
  const collector = await stubCollector(() => ({ status: 200, answer }));
  const json = { protocol: 'http/json' } as const;
  const { carry } = carrying(configFor(collector.url, json, json));
  const counted = refusedCount === undefined ? {} : { refusedCount };
  expect(await carry(batch)).toEqual({ verdict: 'delivered', ...counted });
});

test.each([
  ['garbage', (): Buffer => Buffer.from('ÿÿÿÿ<html>')],
  ['without end', (): Buffer => Buffer.alloc(1024 * 1024, 1)],
])('a body that is %s changes nothing about a success', async (_, body) => {
  const collector = await stubCollector((_received, _number, response) => {
    response.writeHead(200);
    response.end(body());
    return 'handled';
  });
  const { carry } = carrying(configFor(collector.url));
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
});

test('logs that were taken are not sent again when metrics were not', async () => {
  const collector = await stubCollector(({ signal }, number) => ({
    status: signal === 'metrics' && number === 1 ? 503 : 200,
  }));
  const { carry } = carrying(configFor(collector.url));
  expect(await carry(batch)).toMatchObject({ verdict: 'retry' });
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
  expect(collector.received.map(({ signal }) => signal)).toEqual(['logs', 'metrics', 'metrics']);
});

test('what was refused of logs is counted although metrics were trouble, and once', async () => {
  const collector = await stubCollector(({ signal }, number) => ({
    status: signal === 'metrics' && number === 1 ? 429 : 200,
    answer: signal === 'logs' ? { partialSuccess: { rejectedLogRecords: '2' } } : {},
  }));
  const { carry } = carrying(configFor(collector.url));
  expect(await carry(batch)).toMatchObject({ verdict: 'retry' });
  expect(await carry(batch)).toEqual({ verdict: 'delivered', refusedCount: 2 });
});

test('after a restart the batch comes whole, with the same ids', async () => {
  const collector = await stubCollector(({ signal }, number) => ({
    status: signal === 'metrics' && number === 1 ? 503 : 200,
  }));
  await carrying(configFor(collector.url)).carry(batch);
  await carrying(configFor(collector.url)).carry(batch);
  expect(collector.of('logs').map(idsIn)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('a batch that was too large comes in parts, its logs once', async () => {
  const collector = await stubCollector(({ signal }, number) => ({
    status: signal === 'metrics' && number === 1 ? 413 : 200,
  }));
  const { carry } = carrying(configFor(collector.url));
  expect(await carry(batch)).toMatchObject({ verdict: 'split' });
  expect(await carry(batch.slice(0, 1))).toEqual({ verdict: 'delivered' });
  expect(await carry(batch.slice(1))).toEqual({ verdict: 'delivered' });
  expect(collector.of('logs')).toHaveLength(1);
  expect(collector.of('metrics')).toHaveLength(3);
});

test.each([400, 401, 404, 500])(
  'metrics that are answered with %i are given up, and logs go on',
  async (status) => {
    const collector = await stubCollector(({ signal }) => ({
      status: signal === 'metrics' ? status : 200,
    }));
    const { carry, said } = carrying(configFor(collector.url));
    expect(await carry(batch)).toEqual({ verdict: 'delivered' });
    expect(await carry(batchOf([acceptedReport('c')], 3))).toEqual({ verdict: 'delivered' });
    expect(collector.of('logs')).toHaveLength(2);
    expect(said).toEqual([
      {
        message: expect.stringContaining('metrics were given up'),
        facts: expect.objectContaining({ status }),
      },
    ]);
  },
);

test('metrics that fail again and again hold up the logs after them only so long', async () => {
  const collector = await stubCollector(({ signal }) => ({
    status: signal === 'metrics' ? 503 : 200,
  }));
  const { carry, said } = carrying(configFor(collector.url));
  const verdicts: string[] = [];
  while (verdicts.at(-1) !== 'delivered' && verdicts.length < 20) {
    verdicts.push((await carry(batch)).verdict);
  }
  expect(verdicts).toEqual(['retry', 'retry', 'retry', 'retry', 'delivered']);
  expect(said).toHaveLength(1);
  // The next batch has tries of its own.
  expect(await carry(batchOf([acceptedReport('c')], 3))).toMatchObject({ verdict: 'retry' });
});

test("a connection that breaks is the network's error, and the same batch may come again", async () => {
  let isBroken = true;
  const collector = await stubCollector((_received, _number, response) => {
    if (!isBroken) return { status: 200 };
    response.destroy();
    return 'handled';
  });
  const { carry } = carrying(configFor(collector.url));
  await expect(carry(batch)).rejects.toThrow();
  isBroken = false;
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
});

test('nobody listens: the errno is in the error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { carry } = carrying(configFor(`http://127.0.0.1:${port}`));
  await expect(carry(batch)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a Collector that is slow beyond the deadline of its signal is a TimeoutError', async () => {
  const collector = await stubCollector(() => 'handled');
  const { carry } = carrying(configFor(collector.url, { timeoutMs: 50 }));
  await expect(carry(batch)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a body that drips without end is cut off by the deadline, and its status counts', async () => {
  const collector = await stubCollector((_received, _number, response) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(dripping));
    return 'handled';
  });
  const { carry } = carrying(configFor(collector.url, { timeoutMs: 200 }));
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
});

test('an end by the caller ends the exchange at once', async () => {
  const collector = await stubCollector(() => 'handled');
  const { carrier } = carrying(configFor(collector.url));
  const ending = new AbortController();
  const carried = carrier.carry(batch, ending.signal);
  const reason = new Error('enough');
  setTimeout(() => ending.abort(reason), 20);
  await expect(carried).rejects.toBe(reason);
});

test('bodies are gzipped where that is asked for, and headers stand in each request', async () => {
  const collector = await stubCollector();
  const headers = [{ name: 'authorization', value: new Secret('Bearer s3cr3t') }];
  const { carry, said } = carrying(configFor(collector.url, { compression: 'gzip', headers }));
  await carry(batch);
  for (const { headers: received } of collector.received) {
    expect(received).toMatchObject({ 'content-encoding': 'gzip', authorization: 'Bearer s3cr3t' });
  }
  expect(collector.of('logs').map(idsIn)).toEqual([['a', 'b']]);
  // Loopback is no network.
  expect(said).toEqual([]);
});

test('headers that go over a network in clear are warned of once, without their values', async () => {
  const headers = [{ name: 'api-key', value: new Secret('s3cr3t') }];
  const otlp = configFor('http://collector.invalid:4318', { headers, timeoutMs: 2_000 });
  const { carry, said } = carrying(otlp);
  await expect(carry(batch)).rejects.toThrow();
  await expect(carry(batch)).rejects.toThrow();
  expect(said).toEqual([
    { message: 'OTLP headers go over the network in clear', facts: { signal: 'logs' } },
  ]);
});

test('a Collector whose certificate is not trusted gets nothing, and with its authority everything', async () => {
  const pki = makePki(temporaryDirectory());
  const ca = pki.ca('Collector CA');
  const stranger = pki.ca('Another CA');
  const { cert, key } = pki.server({ ca });
  const collector = await stubCollector(undefined, {
    cert,
    key,
    ca: ca.cert,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const caPath = join(temporaryDirectory(), 'ca.crt');
  writeFileSync(caPath, stranger.cert);
  const { certPath, keyPath } = pki.leaf({ cn: 'agent', ca });
  const { carry, carrier } = carrying(configFor(collector.url, { caPath, certPath, keyPath }));
  await expect(carry(batch)).rejects.toMatchObject({
    code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
  });
  expect(collector.received).toEqual([]);
  expect(await carrier.hasChanged?.()).toBe(false);
  // The file is replaced: the next attempt trusts by it.
  writeFileSync(caPath, ca.cert);
  expect(await carrier.hasChanged?.()).toBe(true);
  expect(await carry(batch)).toEqual({ verdict: 'delivered' });
  expect(collector.received).toHaveLength(2);
});
