/** Stored reports: taken or refused, diagnosed again, and written in every format. */
import { replayText } from '../../../src/agent/replay.ts';
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { formats } from '../../../src/format/formats.ts';
import { lineFormats } from '../../../src/format/line-formats.ts';
import type { Report } from '../../../src/report/report.ts';
import { corpus } from '../../../test/report/corpus.ts';
import { decode, type FuzzTarget, hold, holdSafe } from '../target.ts';

const options = { colour: false, verbose: true };

function holdFormats(report: Report): void {
  for (const [name, format] of Object.entries(formats)) {
    const text = format(report, options);
    hold(text.endsWith('\n'), `${name} does not end with a line feed`);
    // A tab is what parts the fields of LEEF.
    for (const line of text.split(/[\n\t]/)) holdSafe(line, name);
  }
  for (const [name, format] of Object.entries(lineFormats)) {
    const text = format(report);
    hold(text.indexOf('\n') === text.length - 1, `${name} is not one line`);
  }
}

export const replay: FuzzTarget = {
  syntax: 'json',
  seeds: Object.values(corpus).map((report) => Buffer.from(JSON.stringify(report))),
  words: [
    'null',
    'true',
    '-1',
    '1e309',
    '""',
    '[]',
    '{}',
    '\\u001b[2J',
    '\\ud800',
    '__proto__',
    ':',
    ',',
    '2026-11-23T14:00:00Z',
  ],
  maxMs: 1_000,
  run: (input) => {
    try {
      for (const report of replayText(decode(input), 'fuzz')) holdFormats(report);
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      holdSafe(error.problems, 'a problem of a replay');
    }
  },
};
