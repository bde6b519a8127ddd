/** How large an event is: the README says what that comes to in a day. */
import { expect, test } from 'vitest';
import { eventFormats } from '../../src/format/formats.ts';
import { manyReports } from './support/written-fields.ts';

const options = { colour: false, verbose: false };

test.for([
  ['json', 16],
  ['syslog', 17],
  ['ecs', 8],
  ['ocsf', 8],
  ['cef', 2],
  ['leef', 2],
  ['text', 1],
] as const)('no event of the tests takes more in %s than %i KiB', ([format, kibibytes]) => {
  const sizes = manyReports.map((report) =>
    Buffer.byteLength(eventFormats[format](report, options)),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(kibibytes * 1024);
});
