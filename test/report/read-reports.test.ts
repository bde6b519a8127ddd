/** Reports that somebody sent: taken when they are reports, refused with the reason when not, and never trusted. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { understoodKeywords } from '../../src/report/conforms.ts';
import { readReports } from '../../src/report/read-reports.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { corpus } from './corpus.ts';
import { attack } from './hostile.ts';

const reports = Object.values(corpus);
const [report] = reports;

test.for([
  ['one document', JSON.stringify(report), [report]],
  ['one document over many lines', `\ufeff${JSON.stringify(report, null, 2)}\r\n`, [report]],
  ['a list', JSON.stringify(reports), reports],
  ['one a line', reports.map((each) => `${JSON.stringify(each)}\r\n`).join('\n'), reports],
  ['nothing', '', []],
] as const)('%s is read as it was written', ([, text, expected]) => {
  expect(readReports(text)).toMatchObject({ reports: expected });
});

test('what is no report is refused with its line, and the rest is read', () => {
  const text = [JSON.stringify(report), '{"schema":"other"}', 'x', '', '[]', '{'].join('\n');
  const read = readReports(text);
  expect(read.reports).toEqual([report]);
  expect(read.refused.map(({ number }) => number)).toEqual([2, 3, 5, 6]);
});

test.for([
  ['outcome', 'won', 'outcome is none of the values allowed'],
  ['steps', [], 'steps has too few items'],
  ['agent', null, 'agent is not of type object'],
  ['attempt', { number: 0, repeats: 0 }, 'attempt.number is below 1'],
  ['warnings', [{ code: 'x' }], 'warnings[0].title is missing'],
  ['alerts', { length: 1 }, 'alerts is not of type array'],
] as const)('%s of the wrong kind is refused by name', ([name, value, why]) => {
  const { refused } = readReports(JSON.stringify({ ...report, [name]: value }));
  expect(refused).toEqual([{ number: 1, why }]);
});

test('every keyword of the schema is understood', () => {
  const describing = ['$schema', '$id', '$defs', 'title', 'description', 'additionalProperties'];
  const used = new Set<string>();
  const visit = (schema: object): void => {
    for (const [keyword, value] of Object.entries(schema)) {
      used.add(keyword);
      const isMap = ['properties', '$defs', 'anyOf'].includes(keyword);
      if (isMap) Object.values(value).forEach((each) => void visit(each as object));
      if (keyword === 'items') visit(value);
    }
  };
  visit(reportSchema);
  expect(
    [...used].filter((each) => ![...understoodKeywords, ...describing].includes(each)),
  ).toEqual([]);
});

test('a property that a later version added passes', () => {
  const text = JSON.stringify({ ...report, later: { than: 'this' } });
  expect(readReports(text).reports).toMatchObject([{ later: { than: 'this' } }]);
});

test('text that could harm a terminal comes out escaped', () => {
  const hostile = {
    ...report,
    agent: { ...report?.agent, host: attack },
    tls: { ...report?.tls, certificateAuthorities: [attack] },
    later: { [attack]: attack },
  };
  const { reports: read } = readReports(JSON.stringify(hostile));
  expect(read).toHaveLength(1);
  expect(read[0]?.agent.host).toContain('\\u001b');
  const all = JSON.stringify(read).replaceAll('\\\\', '');
  expect(all).not.toMatch(/\\u00|[\p{Cc}\u202e]/u);
});

const canary = 'canary-c0ffee';
test('no private key, userinfo or query comes through, wherever it stands', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`;
  const url = `https://ann:${canary}@gateway.example/x?token=${canary}#${canary}`;
  const text = JSON.stringify({
    ...report,
    target: { ...report?.target, url, proxy: `http://ann:${canary}@proxy:1` },
    warnings: [{ code: 'x', title: `see ${url} and more`, evidence: key }],
    later: { [canary.slice(0, 3)]: [key, url] },
  });
  const read = readReports(text);
  expect(read.reports).toHaveLength(1);
  expect(JSON.stringify(read)).not.toContain(canary);
});

test('nothing that is nested or long without end is taken', () => {
  const nested = `${'['.repeat(2_000_000)}`;
  expect(readReports(nested)).toMatchObject({ reports: [] });
  const deep = JSON.stringify({
    ...report,
    later: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`),
  });
  expect(readReports(deep).refused).toEqual([{ number: 1, why: 'it is nested too deeply' }]);
  const long = JSON.stringify({ ...report, runId: 'x'.repeat(1_100_000) });
  expect(readReports(long).reports).toEqual([]);
});

test('any JSON is taken or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(report ?? {})), (value, name) => {
      const { reports: taken, refused } = readReports(JSON.stringify({ ...report, [name]: value }));
      expect(taken.length + refused.length).toBe(1);
    }),
  );
});
