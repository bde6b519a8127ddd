/** A directory that lives as long as the test file that asked for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'sidelight-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
