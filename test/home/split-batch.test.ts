import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SetAside } from '../../src/home/read-event.ts';
import { parseEvent, splitBatch } from '../../src/home/split-batch.ts';

const split = (text: string, maxEvents = 10_000): unknown => {
  const batch = splitBatch(Buffer.from(text), maxEvents);
  return typeof batch === 'string' ? batch : [...batch.events];
};

test('whatever JSON says, a batch has the same elements', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 })),
      fc.constantFrom(0, 1, 2),
      (values, indent) => {
        expect(split(JSON.stringify(values, null, indent))).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      },
    ),
  );
});

test('strings that hold quotes, brackets and backslashes end where they end', () => {
  const values = ['"', '\\', '\\"', ']', '[,]', '\\\\"}', '{"a":"]"}', 'é\u2028'];
  expect(split(JSON.stringify(values))).toEqual(values);
});

test('what is no array in whole is no batch or has elements set aside, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:\\ 0at') }), (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expected = undefined;
      }
      const got = split(text);
      const isWhole = Array.isArray(got) && !got.some((each) => each instanceof SetAside);
      expect(isWhole ? got : undefined).toEqual(Array.isArray(expected) ? expected : undefined);
    }),
    { numRuns: 2_000 },
  );
});

test.for([
  ['', 'not-json'],
  ['  ', 'not-json'],
  ['{}', 'not-an-array'],
  ['7', 'not-an-array'],
  ['[', 'not-json'],
  ['[1', 'not-json'],
  ['[1,]', 'not-json'],
  ['[,1]', 'not-json'],
  ['[1] x', 'not-json'],
  ['["', 'not-json'],
  ['[1,2,3]', 'too-many'],
] as const)('%j is %s', ([text, problem]) => {
  expect(split(text, 2)).toBe(problem);
});

test('an element too deep or too large is set aside unparsed, and its neighbours are not', () => {
  const deep = `${'['.repeat(65)}${']'.repeat(65)}`;
  const large = `"${'x'.repeat(300_000)}"`;
  const [one, two, three, four] = split(`[1,${deep},${large},4]`) as unknown[];
  expect([one, four]).toEqual([1, 4]);
  expect(two).toMatchObject({ rejection: { reason: 'too-deep' } });
  expect(three).toMatchObject({ rejection: { reason: 'too-large' } });
  expect((three as SetAside).rejection.excerpt?.length).toBe(4_096);
});

test('a single event is held to the same bounds', () => {
  expect(parseEvent(Buffer.from(' {"a":1} '))).toEqual({ a: 1 });
  expect(parseEvent(Buffer.from('['.repeat(99) + ']'.repeat(99)))).toBeInstanceOf(SetAside);
  for (const text of ['1,2', '"\\', '', 'hello']) {
    expect(parseEvent(Buffer.from(text))).toEqual(new SetAside('not-json', Buffer.from(text)));
  }
});

test('an element that is no JSON, or no UTF-8, is set aside, and its neighbours are not', () => {
  const octets = Buffer.concat([
    Buffer.from('[1,{bad json},"'),
    Buffer.from([0xff]),
    Buffer.from('",4]'),
  ]);
  const batch = splitBatch(octets, 10);
  expect(typeof batch === 'string' ? batch : [...batch.events]).toMatchObject([
    1,
    { rejection: { reason: 'not-json', excerpt: '{bad json}' } },
    { rejection: { reason: 'not-json', excerpt: '"\ufffd"' } },
    4,
  ]);
});

test.for([
  ['brackets', '['.repeat(4_000_000)],
  ['zeros', `[${'0,'.repeat(2_000_000)}0]`],
  ['backslashes', `["${'\\'.repeat(4_000_000)}"]`],
  ['escaped quotes', `["${'\\"'.repeat(2_000_000)}"]`],
  ['quotes', `[${'"'.repeat(4_000_000)}]`],
  ['spaces', `[${' '.repeat(4_000_000)}1]`],
] as const)('4 MB of %s take no longer than reading them', ([, text]) => {
  const octets = Buffer.from(text);
  const begun = performance.now();
  splitBatch(octets, 10_000);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
