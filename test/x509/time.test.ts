/** Certificate times read as milliseconds, and what is no time of the calendar is refused. */
import { expect, test } from 'vitest';
import { readElement } from '../../src/x509/der.ts';
import { readTime } from '../../src/x509/time.ts';
import { tlv } from '../support/der-writer.ts';

const read = (tag: number, text: string): string | undefined => {
  const epochMs = readTime(readElement(tlv(tag, Buffer.from(text))));
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
};
const utc = 0x17;
const generalized = 0x18;

test.for([
  [utc, '491231235959Z', '2049-12-31T23:59:59.000Z'],
  [utc, '500101000000Z', '1950-01-01T00:00:00.000Z'],
  [utc, '7001010000Z', '1970-01-01T00:00:00.000Z'],
  [utc, '240229120000+0130', '2024-02-29T10:30:00.000Z'],
  [generalized, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  [generalized, '00500101000000Z', '0050-01-01T00:00:00.000Z'],
  [generalized, '20240101000000.5Z', '2024-01-01T00:00:00.000Z'],
  [generalized, '20240101000000-0100', '2024-01-01T01:00:00.000Z'],
] as const)('tag %i, %s is %s', ([tag, text, expected]) => {
  expect(read(tag, text)).toBe(expected);
});

test.for([
  [utc, '230229000000Z'],
  [utc, '231301000000Z'],
  [utc, '230101240000Z'],
  [utc, '230101006000Z'],
  [utc, '230101000000'],
  [utc, '20230101000000Z'],
  [utc, '-30101000000Z'],
  [generalized, '230101000000Z'],
  [generalized, '99991231235959-0100'],
  [0x04, '230101000000Z'],
] as const)('tag %i, %s is no time', ([tag, text]) => {
  expect(read(tag, text)).toBeUndefined();
});
