/** A status as a person reads it, in golden files, and what hostile words in one do to a terminal. */
import { expect, test } from 'vitest';
import { span } from '../../../src/format/status/span.ts';
import { statusText } from '../../../src/format/status/text.ts';
import { troubleInWords } from '../../../src/format/status/trouble.ts';
import type { TroubleCode } from '../../../src/sink/delivery/trouble.ts';
import { statuses } from './statuses.ts';

const plain = { colour: false };

test.for(Object.entries(statuses))('the text of "%s"', async ([name, status]) => {
  const text = statusText(status, plain);
  await expect(text).toMatchFileSnapshot(
    `../../golden/status/${name.replaceAll(/[^a-z]+/g, '-')}.txt`,
  );
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('colours change no word', () => {
  for (const status of Object.values(statuses)) {
    const coloured = statusText(status, { colour: true });
    expect(coloured).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is taken away.
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(statusText(status, plain));
  }
});

test('words of whoever answered reach no terminal as they are', () => {
  const status = statuses['two targets, one refused, and receivers in every state'];
  const hostile = 'a\u001b[2J\n\u202eb';
  const text = statusText(
    {
      ...status,
      agent: { ...status.agent, host: hostile, version: hostile },
      targets: [{ ...status.targets[0], label: hostile }],
      receivers: status.receivers.map((each) => ({ ...each, name: hostile })),
      state: { ...status.state, directory: hostile },
    },
    plain,
  );
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u202e');
  expect(text).toContain('\\u001b');
});

test.for([
  ['2026-11-23T14:00:00.000Z', '2026-11-23T13:00:00.000Z', 'no time'],
  ['2026-11-23T14:00:00.000Z', '2026-11-23T14:00:00.400Z', 'no time'],
  ['2026-11-23T14:00:00.000Z', '2026-11-23T14:00:01.000Z', '1 second'],
  ['2026-11-23T14:00:00.000Z', '2026-11-23T14:01:59.000Z', '119 seconds'],
  ['2026-11-23T14:00:00.000Z', '2026-11-23T14:02:00.000Z', '2 minutes'],
  ['2026-11-23T14:00:00.000Z', '2026-11-23T16:00:00.000Z', '2 hours'],
  ['2026-11-23T14:00:00.000Z', '2026-11-25T13:59:59.000Z', '47 hours'],
  ['2026-11-23T14:00:00.000Z', '2026-11-25T14:00:00.000Z', '2 days'],
  ['soon', '2026-11-25T14:00:00.000Z', 'an unknown time'],
] as const)('from %s to %s is %s', ([from, to, words]) => {
  expect(span(from, to)).toBe(words);
});

test('every trouble that delivery knows has words of its own', () => {
  const codes = [
    ...['unreachable', 'timeout', 'unauthorized', 'not-found', 'overloaded', 'server-error'],
    ...['redirected', 'reports-refused', 'unexpected-status', 'gone', 'credential-unreadable'],
    'spool-failed',
  ] as const satisfies readonly TroubleCode[];
  for (const code of codes) expect(troubleInWords(code)).not.toBe(troubleInWords('later-code'));
  const isWhole: Exclude<TroubleCode, 'none' | (typeof codes)[number]> extends never
    ? true
    : false = true;
  expect(isWhole).toBe(true);
});
