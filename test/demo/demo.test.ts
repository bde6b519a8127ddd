import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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

/** With these of its places read-only, as in a container whose root is. */
function withReadOnly(...places: readonly string[]) {
  const program = join(import.meta.dirname, '../../bin/sidelight.ts');
  const mounts = places.map(
    (place) => `mount --bind ${place} ${place} && mount -o remount,ro,bind ${place}`,
  );
  const script = [...mounts, 'exec "$0" "$@"'].join(' && ');
  const command = ['--mount', 'sh', '-c', script, process.execPath, program, 'demo'];
  const env = { PATH: process.env['PATH'] };
  return spawnSync('unshare', command, { env, encoding: 'utf8' });
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)('where /tmp cannot be written, memory will do', () => {
  expect(withReadOnly('/tmp')).toMatchObject({ status: 0, stderr: '' });
});

test.runIf(isRoot)('where no place can be written, it says what it needs', () => {
  const { status, stderr } = withReadOnly('/tmp', '/dev/shm');
  expect(status).toBe(2);
  expect(stderr).toContain('can make none in /tmp (EROFS) and /dev/shm (EROFS)');
  expect(stderr).toContain('TMPDIR=DIR sidelight demo');
  expect(stderr).not.toContain('fault of its own');
});
