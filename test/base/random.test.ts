import { expect, test } from 'vitest';
import { systemRandom, uuidV7 } from '../../src/base/random.ts';

test('a UUIDv7 holds its time, version and variant, and sorts by time', () => {
  const nowMs = 1_795_442_400_123;
  const id = uuidV7(nowMs, systemRandom);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(nowMs);
  expect(id < uuidV7(nowMs + 1, systemRandom)).toBe(true);
});
