import { defineConfig } from 'vitest/config';

/** What takes a quarter of a minute and more each: stalls, networks that go, a week without home: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.ts'],
    testTimeout: 120_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    retry: process.env['CI'] ? 2 : 0,
  },
});
