/** The simulator as it is called: with a home that runs already, set up as home is, and with what it cannot use. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../../scripts/simulate/settings.ts';
import { CannotRun, type Problem } from '../../../src/base/cannot-run.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { makePki } from '../../support/openssl.ts';
import { sidelight } from '../../support/sidelight.ts';
import { openHome } from '../open-home.ts';

const script = resolve(import.meta.dirname, '../../../scripts/simulate.ts');

const simulate = (...args: readonly string[]) => sidelight(args, {}, [process.execPath, script]);

function file(name: string, text: string): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, text);
  return path;
}

/** Everybody looks once and reports, in a second or two of real time. */
const brief = {
  name: 'brief',
  about: '',
  start: '2025-08-26T12:00:00.000Z',
  lasts: '70s',
  agents: 6,
  accounts: 1,
  interval: '20s',
  heartbeat: '20s',
  nodes: ['openssl'],
  happenings: [{ what: 'wrong-client-ca', at: '30s', lasts: '1h' }],
  expect: { incidents: [] },
};

test('it brings its reports to a home with TLS and a file of named tokens, now and by its agents alone', async () => {
  const pki = makePki(temporaryDirectory());
  const ca = pki.ca('Home CA');
  const { cert, key } = pki.server({ ca });
  const tokenFile = file('tokens', '# senders\n\neu-1 long-1\neu-2 long-2\nbob certificate:00\n');
  const home = await openHome({ cert, key, tokens: tokenFile });
  const scenario = file('brief.json', JSON.stringify(brief));
  const beganMs = Date.now();
  const { code, stderr } = await simulate(
    ...[scenario, '--home', home.url, '--token-file', tokenFile, '--home-ca', ca.certPath],
    ...['--speed', '50', '--quiet'],
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(Date.now() - beganMs).toBeGreaterThan(1_000);
  const rows = home.reports();
  expect(rows.length).toBeGreaterThan(6);
  expect(new Set(rows.map(({ sender }) => sender))).toEqual(new Set(['eu-1', 'eu-2']));
  expect([...home.incidents.fleet.delegates()]).toHaveLength(6);
  // By their clock, which runs ahead by as much as the scenario is faster.
  for (const { timeMs } of rows) expect(Math.abs(timeMs - beganMs)).toBeLessThan(120_000);
});

test('a file with one token alone, as agents have it, does as well', async () => {
  const home = await openHome({ tokens: file('tokens', 'eu-1 long-1\n') });
  const scenario = file('brief.json', JSON.stringify({ ...brief, lasts: '25s' }));
  const token = file('token', 'long-1\n');
  const args = [scenario, '--home', home.url, '--token-file', token, '--speed', '100'];
  expect((await simulate(...args)).code).toBe(0);
  expect(home.reports().length).toBeGreaterThan(0);
});

const missing = '/nowhere/missing';

/** Where it stands in place of a path, a file of it. */
interface FileOf {
  readonly text: string;
}

test.for<readonly [args: readonly (string | FileOf)[], ...said: readonly string[]]>([
  [['--agents', 'abc'], '"--agents"', '"abc" is no such number', 'a whole number from 1'],
  [['--agents', '0'], '"--agents"', '"0" is no such number'],
  [['--seed=-1'], '"--seed"', '"-1" is no such number'],
  [['--step', '0'], '"--step"', '"0" is no such number'],
  [['--agent', '5'], '"options"', "Unknown option '--agent'", '--agents'],
  [['nothing.json'], '"scenario"', 'there is no "nothing.json"', 'scenarios/april-29.json'],
  [['august-26', 'ordinary-week'], '"scenario"', '"ordinary-week" is one too many'],
  [[script], 'it is no JSON'],
  [[{ text: '{}' }], 'it has no happenings', '"undefined" is no duration'],
  [
    [
      {
        text: JSON.stringify({ ...brief, lasts: 'long', happenings: [{ what: 'x', lasts: '1s' }] }),
      },
    ],
    'nothing is known of a happening "x"',
    '"long" is no duration',
  ],
  [['--home', 'ftp://home.example/'], '"--home"', '"ftp://home.example/" has the scheme ftp'],
  [['--home', 'https://user:secret@home.example/'], '"--home"', 'never sent'],
  [['--home', 'http://home.example/'], 'in clear'],
  [['--home', 'https://localhost:1/', '--token-file', missing], '"--token-file"', '(ENOENT)'],
  [['--home', 'https://localhost:1/', '--home-ca', missing], '"--home-ca"', '(ENOENT)'],
  [
    ['--home', 'https://localhost:1/', '--token-file', { text: '# none\nbob certificate:00\n' }],
    'holds no token',
  ],
  [['--home', 'https://localhost:1/', '--speed', 'fast'], '"--speed"', '"fast" is no such number'],
  [['--home', 'https://localhost:1/', '--no-http'], '"--no-http"'],
  [['--token-file', missing], '"--token-file"', 'is about a home that runs already'],
])('%j is refused with what is wrong and what to do', ([args, ...said]) => {
  const text = JSON.stringify(problemsOf(args).map(Object.values)).replaceAll('\\"', '"');
  for (const words of said) expect(text).toContain(words);
  expect(text).not.toContain('secret');
});

function problemsOf(args: readonly (string | FileOf)[]): readonly Problem[] {
  try {
    readSettings(args.map((arg) => (typeof arg === 'string' ? arg : file('file', arg.text))));
  } catch (error) {
    if (error instanceof CannotRun) return error.problems;
    throw error;
  }
  return [];
}

test('all that is wrong is told at once, without a stack', async () => {
  const { code, stdout, stderr } = await simulate('--agents', 'x', '--seed', 'y', 'z.json');
  expect(stderr).toMatch(
    /^sidelight: cannot run, 3 problems\n {2}scenario: there is no "z\.json"\n/,
  );
  expect(stderr.match(/^ {6}expected: /gm)).toHaveLength(3);
  expect(stderr).not.toMatch(/\n\s+at |NaN/);
  expect([code, stdout]).toEqual([2, '']);
});

test.for([
  ['no token', undefined, 'it asks for a token'],
  ['another token', 'another\n', 'it does not know the token'],
] as const)('a home that gets %s refuses, which is told', async ([, text, said]) => {
  const args = text === undefined ? [] : ['--token-file', file('token', text)];
  const home = await openHome({ tokens: file('tokens', 'eu-1 long-1\n') });
  const { code, stderr } = await simulate('--home', home.url, '--agents', '5', ...args);
  expect(stderr).toContain(`answered 401: ${said}`);
  expect(stderr).not.toMatch(/\n\s+at |another\b/);
  expect(code).toBe(2);
});

test('a home that is not there, or not of a known CA, is told with the code', async () => {
  const gone = await simulate('--home', 'http://127.0.0.1:1/', '--agents', '5');
  expect(gone.stderr).toContain('http://127.0.0.1:1/ cannot be reached (ECONNREFUSED)');
  const pki = makePki(temporaryDirectory());
  const { cert, key } = pki.server({ ca: pki.ca('Home CA') });
  const home = await openHome({ cert, key, tokens: file('tokens', 'eu-1 long-1\n') });
  const unknown = await simulate('--home', home.url, '--agents', '5');
  expect(unknown.stderr).toMatch(/cannot be reached \((?:UNABLE|SELF_SIGNED)\w+\)/);
  expect(unknown.stderr).toContain('--home-ca FILE');
  expect([gone.code, unknown.code]).toEqual([2, 2]);
});
