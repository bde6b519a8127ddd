/** Files that were put in our way: endless, enormous, and pipes that nobody writes. */
import { execFileSync, spawn } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { errorCode } from '../../src/base/cannot-run.ts';
import { readSmallFile } from '../../src/base/read-small-file.ts';
import { temporaryDirectory } from '../state/temporary.ts';

function fifo(): string {
  const path = join(temporaryDirectory(), 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return errorCode(error);
  }
  return 'none';
}

test('a file comes back octet for octet', () => {
  const path = join(temporaryDirectory(), 'file');
  const octets = Buffer.alloc(200_000, 'ü');
  writeFileSync(path, octets);
  expect(readSmallFile(path).equals(octets)).toBe(true);
});

test('a file of a terabyte is refused without being read, an endless device after a megabyte', () => {
  const path = join(temporaryDirectory(), 'huge');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
  expect(codeOf(() => readSmallFile(path))).toBe('TOO_LARGE');
  expect(codeOf(() => readSmallFile('/dev/zero'))).toBe('TOO_LARGE');
  expect(codeOf(() => readSmallFile(path, { maxBytes: 2 ** 10 }))).toBe('TOO_LARGE');
});

test('a FIFO that nobody writes is empty, and takes no time', () => {
  expect(readSmallFile(fifo(), { patienceMs: 5_000 }).length).toBe(0);
});

test('a writer that takes its time is waited for as long as was said, and no longer', async () => {
  const path = fifo();
  const script = `exec 3>"$0"; sleep "$1"; printf token >&3`;
  for (const [seconds, patienceMs] of [
    ['0.2', 5_000],
    ['60', 100],
  ] as const) {
    // Opened for both ends, so that the shell's open does not wait for ours.
    const writer = spawn('sh', ['-c', script.replace('3>', '3<>'), path, seconds]);
    onTestFinished(() => void writer.kill('SIGKILL'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const read = (): string => readSmallFile(path, { patienceMs, maxBytes: 100 }).toString();
    if (seconds === '60') expect(codeOf(read)).toBe('EAGAIN');
    else expect(read()).toBe('token');
    writer.kill('SIGKILL');
  }
});

test('what is not there and what is no file are told by their errno', () => {
  const directory = temporaryDirectory();
  expect(codeOf(() => readSmallFile(join(directory, 'none')))).toBe('ENOENT');
  expect(codeOf(() => readSmallFile(directory))).toBe('EISDIR');
});
