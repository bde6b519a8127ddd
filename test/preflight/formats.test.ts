/** Preflights as text, JSON and JUnit XML. */
import { expect, test } from 'vitest';
import { preflightFormats } from '../../src/format/preflight/formats.ts';
import { failed, passed, skipped, warned } from '../../src/preflight/check.ts';
import { toPreflight, toResult } from '../../src/preflight/preflight.ts';
import { readXml } from './xml.ts';

const hostile = 'CN=<b attr="x">&amp;]]>\u001b[31m\r\n\u202e\u0000\ud800';
const checks = [
  toResult({ code: 'client-key-mismatch', title: 'The key belongs' }, passed('It does.')),
  toResult({ code: 'client-certificate-expired', title: 'In date' }, failed('Renew it.', hostile)),
  toResult({ code: 'client-key-file-exposed', title: 'Hidden' }, warned('Hide it.', 'mode 0644')),
  toResult({ code: 'crl-unusable', title: 'A list' }, skipped('No --crl is given.')),
];
const unsafeIn = (text: string): readonly string[] =>
  ['\u001b', '\r', '\u202e', '\u0000'].filter((one) => text.includes(one));
const options = { what: 'client credential', colour: false };
const broken = toPreflight(checks, 'failed');

test('the verdict rests on what failed, and on warnings where they count', () => {
  const mild = checks.filter(({ outcome }) => outcome !== 'failed');
  expect(toPreflight(checks, 'failed').verdict).toBe('broken');
  expect(toPreflight(mild, 'failed').verdict).toBe('good');
  expect(toPreflight(mild, 'warning').verdict).toBe('broken');
  expect(toPreflight([], 'warning').verdict).toBe('good');
});

test('JSON is the document, on one line', () => {
  const line = preflightFormats.json(broken);
  expect(unsafeIn(line.trimEnd())).toEqual([]);
  expect(line.trimEnd()).not.toContain('\n');
  expect(JSON.parse(line)).toEqual(broken);
  expect(JSON.parse(line).checks[0]).toEqual({
    code: 'client-key-mismatch',
    outcome: 'passed',
    title: 'The key belongs',
    evidence: ['It does.'],
    remedy: null,
    documentation: 'docs/causes.md#client-key-mismatch',
  });
});

test('text begins with verdict, what failed and the next step, in 80 columns, with nothing unsafe in it', () => {
  const text = preflightFormats.text(broken, options);
  const lines = text.split('\n');
  expect(lines[0]).toBe('Broken: not all is well with this client credential.');
  expect(lines[1]).toMatch(/^Failed: In date: CN=<b attr="x">/);
  expect(lines.filter((line) => !line.startsWith('  ')).slice(2, 4)).toEqual([
    'Next: Renew it.',
    '1 failed, 1 warning, 1 passed, 1 skipped.',
  ]);
  expect(unsafeIn(text)).toEqual([]);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const { title, outcome, code } of checks) {
    expect(text).toContain(`${outcome.padEnd(9)}${title} [${code}]`);
  }
});

test('text names the first warning where nothing failed, and nothing where all passed', () => {
  const mild = checks.filter(({ outcome }) => outcome !== 'failed');
  const good = checks.filter(({ outcome }) => outcome === 'passed');
  const begin = (some: typeof checks): readonly string[] =>
    preflightFormats.text(toPreflight(some, 'failed'), options).split('\n').slice(0, 2);
  const verdict = 'Good: nothing breaks with this client credential.';
  expect(begin(mild)).toEqual([verdict, 'Warning: Hidden: mode 0644']);
  expect(begin(good)).toEqual([verdict, 'Next: nothing to do.']);
});

test('a test case of JUnit keeps its name whatever its check comes to, and says where the check is explained', () => {
  const title = 'the gateway accepts eu-1';
  const named = [
    toResult({ code: 'gateway-accepts-client', title }, passed()),
    toResult({ code: 'client-issuer-not-accepted', title }, failed('Register it.')),
    toResult({ code: 'gateway-accepts-client', title }, skipped('No key.')),
  ].map((check) => {
    const xml = preflightFormats.junit(toPreflight([check], 'failed'), options);
    expect(xml).toMatch(new RegExp(`See docs/(?:causes|preflight)\\.md#${check.code}`));
    return readXml(xml)[0]?.children[0]?.children[0]?.attributes?.['name'];
  });
  expect(named).toEqual([title, title, title]);
});

test('JUnit XML is well-formed and counts what is in it', () => {
  const [suites] = readXml(preflightFormats.junit(broken, options));
  expect(suites?.name).toBe('testsuites');
  const [suite] = suites?.children ?? [];
  expect(suite?.attributes).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '1' });
  const kinds = suite?.children.map(({ children }) => children.map(({ name }) => name));
  expect(kinds).toEqual([['system-out'], ['failure'], ['system-out'], ['skipped']]);
});

test('where warnings count, JUnit shows them as failures', () => {
  const mild = checks.filter(({ outcome }) => outcome !== 'failed');
  const [suites] = readXml(preflightFormats.junit(toPreflight(mild, 'warning'), options));
  expect(suites?.attributes).toMatchObject({ failures: '1' });
});
