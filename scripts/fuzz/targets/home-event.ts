/** What home makes of an event that a stranger sent. */
import { isRejection, readEvent } from '../../../src/home/read-event.ts';
import { cloudEventBatch } from '../../../src/sink/home/cloud-event.ts';
import { corpus } from '../../../test/report/corpus.ts';
import { decode, type FuzzTarget, hold, holdSafe } from '../target.ts';

const documents = Object.values(corpus).map((report) => ({
  ...{ id: report.id, time: report.time },
  body: JSON.stringify(report),
}));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const homeEvent: FuzzTarget = {
  syntax: 'json',
  seeds: documents
    .slice(0, 12)
    .map((document) => Buffer.from(cloudEventBatch('agent', [document]))),
  words: [
    '"specversion"',
    '"1.0"',
    'null',
    '1e309',
    '[[[[',
    '{"data":',
    '\\u202e',
    '__proto__',
    '"sidelight.report/1"',
  ],
  run: (input) => {
    const value = parse(decode(input));
    for (const each of Array.isArray(value) ? value : [value]) {
      const event = readEvent(each);
      if (isRejection(event)) {
        hold((event.excerpt ?? '').length <= 4_096, 'an excerpt is too long');
        continue;
      }
      holdSafe([event.id, event.source], 'what an event is known by');
      hold(typeof JSON.parse(event.report) === 'object', 'a stored report is no object');
      holdSafe(event.report, 'a stored report');
    }
  },
};
