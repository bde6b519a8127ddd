import { expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import {
  type LoadHomeInput,
  loadHomeList,
  loadHomeServer,
} from '../../src/config/load-home-server.ts';

const input = (options: LoadHomeInput['options'], env: LoadHomeInput['env'] = {}) => ({
  options: { data: '/data', ...options },
  env,
  readFile: (path: string) => `content of ${path}`,
});

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CannotRun) {
      return error.problems.map(({ where, what }) => `${where}: ${what}`);
    }
    throw error;
  }
  return [];
}

test('home keeps a month and ten gigabytes unless it is told otherwise', () => {
  expect(loadHomeServer(input({}))).toMatchObject({ keepMs: 30 * 86_400_000, keepOctets: 10e9 });
  const env = { SIDELIGHT_KEEP: '36h', SIDELIGHT_METRICS: '9471' };
  expect(loadHomeServer(input({ keepBytes: '512MiB' }, env))).toMatchObject({
    keepMs: 36 * 3_600_000,
    keepOctets: 512 * 1_048_576,
    metrics: { host: '127.0.0.1', port: 9471 },
  });
});

test.for([
  ['keepBytes', '10', '--keep-bytes: "10" is no size'],
  ['keepBytes', '0GB', '--keep-bytes: "0GB" is no size'],
  ['keepBytes', '1XB', '--keep-bytes: "1XB" is no size'],
  ['keep', 'forever', '--keep: "forever" is no span of time'],
] as const)('%s %s is told', ([name, value, problem]) => {
  expect(problemsOf(() => loadHomeServer(input({ [name]: value })))).toEqual([problem]);
});

test('a client CA needs a certificate of ours and a revocation list needs a client CA', () => {
  expect(problemsOf(() => loadHomeServer(input({ senderCa: '/ca' })))).toEqual([
    '--client-ca: "/ca" holds no PEM certificate',
    '--client-ca: stands without a certificate of ours',
  ]);
  expect(problemsOf(() => loadHomeServer(input({ senderCrl: '/crl' })))).toEqual([
    '--client-crl: "/crl" holds no PEM revocation list',
    '--client-crl: is given without --client-ca',
  ]);
});

test('a list takes times, spans of time and what reports say', () => {
  const options = {
    ...{ follow: 'true', since: '2h', until: '2026-08-26T11:00:00+02:00', limit: '20' },
    ...{ ofDelegate: 'd', ofAccount: 'a', ofTarget: 't', ofOutcome: 'failed', ofCause: 'c' },
  };
  expect(loadHomeList(input(options))).toEqual({
    dataDir: '/data',
    follow: true,
    since: { agoMs: 7_200_000 },
    until: { atMs: Date.UTC(2026, 7, 26, 9) },
    ...{ limit: 20, delegate: 'd', account: 'a', target: 't', outcome: 'failed', cause: 'c' },
  });
  expect(loadHomeList(input({}))).toEqual({ dataDir: '/data', follow: false });
});

test('everything wrong with a list is told at once', () => {
  const options = { since: 'yesterday', limit: '0', ofOutcome: 'broken' };
  expect(problemsOf(() => loadHomeList(input(options)))).toEqual([
    '--since: "yesterday" is no time',
    '--outcome: "broken" is not among the choices',
    '--limit: "0" is no number from 1 on',
  ]);
});
