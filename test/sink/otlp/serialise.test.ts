/** Answers are octets of a stranger: whatever they are, reading them ends and counts nothing that was not said. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otlpProtocols } from '../../../src/config/config.ts';
import { logsEncoding, metricsEncoding } from '../../../src/sink/otlp/serialise.ts';
import { encodeAnswer } from './decode.ts';

const answer = { partialSuccess: { rejectedLogRecords: '7', errorMessage: 'no' } };

test.each(otlpProtocols)(
  'a partial success is read, and cut anywhere it is none or the same, by %s',
  (protocol) => {
    const { contentType, partialSuccess } = logsEncoding(protocol);
    const whole = encodeAnswer('logs', contentType, answer);
    expect(partialSuccess(whole)).toEqual({ rejected: 7, message: 'no' });
    for (let length = 0; length < whole.length; length += 1) {
      const { rejected = 0 } = partialSuccess(whole.subarray(0, length)) ?? {};
      expect([0, 7]).toContain(rejected);
    }
  },
);

test.each(otlpProtocols)(
  'any octets are a full success or a partial one, and no fault, by %s',
  (protocol) => {
    const readers = [logsEncoding(protocol), metricsEncoding(protocol)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 256 }), (octets) => {
        for (const { partialSuccess } of readers) {
          const { rejected = 0 } = partialSuccess(octets) ?? {};
          expect(Number.isSafeInteger(rejected) && rejected >= 0).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  },
);

test('any JSON is a full success or a partial one', () => {
  const { partialSuccess } = logsEncoding('http/json');
  const counts = fc.record({
    partialSuccess: fc.dictionary(
      fc.constantFrom('rejectedLogRecords', 'errorMessage'),
      fc.jsonValue(),
    ),
  });
  fc.assert(
    fc.property(fc.oneof(counts, fc.jsonValue()), (value) => {
      const said = partialSuccess(Buffer.from(JSON.stringify(value)));
      expect(said?.rejected ?? 0).toBeGreaterThanOrEqual(0);
      expect(typeof (said?.message ?? '')).toBe('string');
    }),
  );
});
