import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../src/base/version.ts';

test('the version that every output names is the one of package.json', () => {
  const packageJson = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  expect(JSON.parse(packageJson).version).toBe(version);
});
