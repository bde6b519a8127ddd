import { defineConfig } from 'vitest/config';

/** What needs rsyslog and promtool, or a minute: `npm run test:telemetry`. */
export default defineConfig({
  test: {
    include: ['test/telemetry/**/*.telemetry.ts'],
    testTimeout: 120_000,
    hookTimeout: 30_000,
  },
});
