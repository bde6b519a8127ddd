/** Stored reports, diagnosed again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayText } from '../../src/agent/replay.ts';
import type { Report } from '../../src/report/report.ts';
import { runMain } from '../cli/run-main.ts';
import { causeCases } from '../diagnosis/cases/all.ts';
import { corpus, reportOn } from '../report/corpus.ts';
import { baseline, otherCa, refusedWith } from '../support/evidence.ts';

const stored = (report: unknown): string => JSON.stringify(report);
const rejected = reportOn(refusedWith(48, {}, { certificateAuthorities: [otherCa] }), baseline());
const accepted = corpus['accepted'] as Report;

test.for([
  [true, /^Cause: .{1,73}\n {7}\S/m],
  [false, /^Cause: .{74,}$/m],
] as const)(
  'where a terminal shows it (%j), a long sentence is wrapped or stands on one line',
  async ([isTerminal, cause]) => {
    let shown = '';
    const write = (text: string | Uint8Array): void => {
      shown += text;
    };
    const readFile = (): string => JSON.stringify(corpus['client-ca-changed']);
    const stdout = { write, isTerminal };
    await runMain(['check', '--replay', 'r.json'], { readFile, stdout });
    expect(shown).toMatch(cause);
  },
);
const replayFile = (text: string, ...args: readonly string[]) =>
  runMain(['check', '--replay', 'r.json', ...args], { readFile: () => text });

const looks = causeCases.flatMap(({ code, when, look, nearMiss }) => [
  { title: `${code}: ${when}`, ...look },
  { title: `not ${code}: ${nearMiss.when}`, ...nearMiss.look },
]);

/** A report tells what changed and not the whole baseline: it must be enough for every cause. */
test.for(looks)('$title: concluded again alike', ({ evidence, baseline: before }) => {
  const report = reportOn(evidence, before);
  const [again] = replayText(stored(report), 'r');
  expect(again?.cause?.code).toBe(report.cause?.code);
  expect(again?.cause?.confidence).toBe(report.cause?.confidence);
  expect(again?.outcome).toBe(report.outcome);
  expect(again?.changes).toEqual(report.changes);
});

test('the conclusion is new, the circumstances are those of then', () => {
  const old = {
    ...rejected,
    cause: { ...rejected.cause!, code: 'tcp-refused' },
    outcome: 'failed',
  };
  const [again] = replayText(stored(old), 'r');
  expect(again).toMatchObject({
    id: rejected.id,
    time: rejected.time,
    outcome: 'rejected',
    cause: { code: 'gateway-client-ca-changed' },
    replayed: { outcome: 'failed', cause: { code: 'tcp-refused' }, version: '0.1.0' },
  });
});

test('text says what changed in the conclusion, and the exit code is that of check', async () => {
  const old = { ...rejected, cause: { ...rejected.cause!, confidence: 'possible' } };
  const { code, stdout, stderr } = await replayFile(stored(old));
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.split('\n')[0]).toMatch(/^Rejected: /);
  expect(stdout).toContain('Diagnosed again\n');
  expect(stdout).toContain('The confidence was possible, and is certain now.');
  expect(stdout).not.toContain('The cause was');
});

test('a conclusion that holds is said to hold', async () => {
  const { code, stdout } = await replayFile(stored(accepted));
  expect(code).toBe(0);
  expect(stdout).toContain('had concluded the same');
});

test('of several reports, one a line, each is told, and one that is not accepted decides the exit code', async () => {
  const lines = `${stored(accepted)}\n${stored(rejected)}\n\n`;
  const { code, stdout } = await replayFile(lines, '--format', 'json');
  expect(code).toBe(1);
  const reports = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
  expect(reports.map(({ outcome }) => outcome)).toEqual(['accepted', 'rejected']);
  expect((await replayFile(`${stored(accepted)}\n${stored(accepted)}`)).code).toBe(0);
});

test.for([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['another document', '{"schema":"elsewhere/1"}'],
  ['a list of numbers', '[1, 2]'],
  ['null', 'null'],
  ['a report without its steps', stored({ ...rejected, steps: undefined })],
  ['a report whose alerts are text', stored({ ...rejected, alerts: 'none' })],
  ['a report of another version', stored({ ...rejected, schema: 'sidelight.report/2' })],
  ['a good report and then half of one', `${stored(accepted)}\n${stored(rejected).slice(0, 90)}`],
] as const)(
  '%s is a problem with place and expectation, and nothing is printed',
  async ([, text]) => {
    const { code, stdout, stderr } = await replayFile(text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^sidelight: cannot run, \d problem/);
    expect(stderr).toContain('r.json');
    expect(stderr).toContain('expected: reports of Sidelight');
    expect(stderr).not.toMatch(/\n\s+at /);
  },
);

test('a file that cannot be read, and a URL beside it, are problems', async () => {
  const missing = await runMain(['check', '--replay', 'gone.json']);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('--replay: "gone.json" cannot be read (ENOENT)');
  const both = await replayFile(stored(accepted), 'https://gateway.example');
  expect(both.code).toBe(2);
  expect(both.stderr).toContain('is given beside --replay');
});

test('a stored report cannot forge a line of the output', async () => {
  const hostile = `x\r\n${String.fromCodePoint(0x1b)}[2J\u202eAccepted: all is well`;
  const forged = {
    ...rejected,
    agent: { ...rejected.agent, version: hostile, host: hostile },
    target: { ...rejected.target, host: hostile },
    changes: [{ what: hostile, before: hostile, now: hostile }],
    clientCertificate: { ...rejected.clientCertificate, issuer: hostile },
  };
  const { stdout } = await replayFile(stored(forged));
  expect([...stdout].filter((each) => each !== '\n' && /[\p{Cc}\u202e]/u.test(each))).toEqual([]);
  expect(stdout).not.toMatch(/^Accepted/m);
});

/** Every place in a document: the path to each of its values. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, each]) => placesOf(each, [...path, name])),
  ];
}

function withOther(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.assign(copy, { [name]: withOther((value as Record<string, unknown>)[name], rest, other) });
  return copy;
}

const places = placesOf(rejected);

test('a report that is damaged anywhere is replayed or refused, and never a fault of ours', async () => {
  const other = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined), fc.constant(1e308));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), other, async (place, value) => {
      const { stderr } = await replayFile(stored(withOther(rejected, place, value)) ?? '');
      expect(stderr).not.toContain('a fault of its own');
    }),
    { numRuns: 1500 },
  );
});
