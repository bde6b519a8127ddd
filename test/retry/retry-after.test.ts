import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../src/retry/retry-after.ts';

const now = Date.UTC(2026, 10, 23, 14, 0, 0);

test.for([
  { header: '120', ms: 120_000 },
  { header: ' 0 ', ms: 0 },
  { header: 'Mon, 23 Nov 2026 14:01:00 GMT', ms: 60_000 },
  { header: 'Mon, 23 Nov 2026 13:00:00 GMT', ms: 0 },
  { header: '-5', ms: undefined },
  { header: '1.5', ms: undefined },
  { header: '99999999999', ms: undefined },
  { header: '2027', ms: 2_027_000 },
  { header: 'soon', ms: undefined },
  { header: 'Mon, 99 Foo 2026 14:01:00 GMT', ms: undefined },
  { header: '', ms: undefined },
])('Retry-After "$header" asks for $ms ms', ({ header, ms }) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});
