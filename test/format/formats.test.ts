/** What a report looks like in each format. Golden files are renewed with `npx vitest run test/format -u`. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type FormatName, formatNames, formats, isFormatName } from '../../src/format/formats.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';

const golden = resolve(import.meta.dirname, '../golden');
const plain = { colour: false, verbose: false };
const extension: Readonly<Record<FormatName, string>> = {
  json: 'jsonl',
  text: 'txt',
  ecs: 'jsonl',
  ocsf: 'jsonl',
  cef: 'txt',
  leef: 'txt',
  syslog: 'txt',
  html: 'html',
};

const files = formatNames.flatMap((format) =>
  Object.entries(corpus).map(([name, report]) => ({ format, name, report })),
);

test.for(files)('$format of $name is as kept', async ({ format, name, report }) => {
  const file = `${golden}/${format}/${name}.${extension[format]}`;
  await expect(formats[format](report, plain)).toMatchFileSnapshot(file);
});

test('text with the transcript is as kept', async () => {
  const text = formats.text(corpus['client-ca-changed'] as Report, {
    colour: false,
    verbose: true,
  });
  await expect(text).toMatchFileSnapshot(`${golden}/text/client-ca-changed-verbose.txt`);
});

test.for(files)('$format of $name ends with one line feed', ({ format, report }) => {
  expect(formats[format](report, plain)).toMatch(/[^\n]\n$/);
});

const reports = Object.entries(corpus);

test.for(reports)('json of %s is the report on one line', ([, report]) => {
  const line = formats.json(report);
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(line)).toEqual(report);
});

test.for(reports)(
  'text of %s on a terminal keeps to 80 columns and says the same',
  ([, report]) => {
    const [inPipe, onTerminal] = [plain, { ...plain, isTerminal: true }].map((options) =>
      formats.text(report, options).split('\n'),
    );
    const begins = onTerminal?.indexOf('') ?? 0;
    const summary = onTerminal?.slice(0, begins) ?? [];
    expect(summary.filter((line) => line.length > 80)).toEqual([]);
    const unwrapped = summary.join('\n').replaceAll(/\n +/g, ' ').split('\n');
    expect([...unwrapped, ...(onTerminal?.slice(begins) ?? [])]).toEqual(inPipe);
  },
);

test.for(reports)('text of %s says outcome, cause and next step in three lines', ([, report]) => {
  const [outcome, cause, next] = formats.text(report, plain).split('\n');
  expect(outcome?.toLowerCase()).toMatch(new RegExp(`^${report.outcome}: `));
  expect(cause).toMatch(/^Cause: /);
  expect(next).toMatch(/^Next: /);
  if (report.cause) {
    expect(cause).toContain(report.cause.title);
    expect(cause).toContain(report.cause.side);
    expect(next).toContain(report.cause.remedy);
  }
});

test.for(reports)('text of %s keeps to 80 columns after its first three lines', ([, report]) => {
  const lines = formats.text(report, { colour: false, verbose: true }).split('\n').slice(3);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
});

const escapeCharacter = '\u001b';

test.for(reports)('colour changes nothing but colour in %s', ([, report]) => {
  const coloured = formats.text(report, { colour: true, verbose: true });
  expect(coloured).toContain(escapeCharacter);
  const stripped = coloured.replaceAll(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '');
  expect(stripped).toBe(formats.text(report, { colour: false, verbose: true }));
});

test('the transcript is drawn in both directions, with the alert by name', () => {
  const report = corpus['client-ca-changed'] as Report;
  const tls = {
    ...report.tls!,
    transcript: [
      ...report.tls!.transcript,
      { direction: 'received', name: 'alert', sizeBytes: 2, encrypted: true, atMs: 12.3 } as const,
    ],
  };
  const text = formats.text({ ...report, tls }, { colour: false, verbose: true });
  expect(text).toMatch(/\|-- client_hello 1593 -+>\|/);
  expect(text).toMatch(/\|<-+ \[alert unknown_ca 48\] 2 --\|/);
  expect(formats.text({ ...report, tls }, plain)).not.toContain('client_hello');
});

test('nothing in a report can forge a line or move the cursor', () => {
  const report = corpus['accepted'] as Report;
  const hostile = `x\r\n${escapeCharacter}[2J\u202eevil`;
  const text = formats.text(
    {
      ...report,
      target: { ...report.target, url: hostile, host: hostile },
      agent: { ...report.agent, host: hostile },
      warnings: [{ code: hostile, title: hostile, evidence: hostile }],
      tls: { ...report.tls!, certificateAuthorities: [hostile], alpn: hostile },
    },
    plain,
  );
  const unsafe = [...text].filter(
    (character) => /[\p{Cc}\u202e]/u.test(character) && character !== '\n',
  );
  expect(unsafe).toEqual([]);
  expect(text).not.toMatch(/^evil|^\[2J/m);
});

test('only the names of formats are names of formats', () => {
  expect(formatNames.every(isFormatName)).toBe(true);
  expect(['xml', 'toString', ''].some(isFormatName)).toBe(false);
});
