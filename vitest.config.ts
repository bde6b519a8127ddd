import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // A second, which is usual, is little where four tests share two cores.
    expect: { poll: { timeout: 10_000 } },
    // Most tests wait for real servers and processes: more of them than cores run side by side.
    maxWorkers: 4,
    // On a busy shared machine a deadline can be missed for reasons of its own; a real failure fails again.
    retry: process.env['CI'] ? 2 : 0,
  },
});
