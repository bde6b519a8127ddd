import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();

test('the demo needs nothing, blames the gateway, sees the recovery, and leaves nothing behind', async () => {
  const { code, stdout, stderr } = await sidelight(['demo'], { TMPDIR: directory });
  expect(stderr).toBe('');
  expect(stdout).toContain('48 unknown_ca, fatal, received, encrypted');
  expect(stdout).toContain('gateway-client-ca-changed (certain)');
  expect(stdout).toMatch(/who must act +the gateway/);
  expect(stdout).toContain('has all 3 reports, each once, in order of time');
  expect(code).toBe(0);
  expect(readdirSync(directory)).toEqual([]);
});
