/** Whole or not at all, and private. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { openOutputFile } from '../../src/cli/output-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sidelight-output-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('what was there stays until the whole text is in place, readable by its owner only', () => {
  const path = join(directory, 'report.json');
  writeFileSync(path, 'before', { mode: 0o644 });
  const file = openOutputFile(path, 'x');
  expect(readFileSync(path, 'utf8')).toBe('before');
  file.commit('after');
  file.discard();
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['report.json']);
});

test('what is discarded leaves nothing behind', () => {
  openOutputFile(join(directory, 'report.json'), 'x').discard();
  expect(readdirSync(directory)).toEqual([]);
});

test('a symbolic link stays one', () => {
  writeFileSync(join(directory, 'real'), 'before');
  symlinkSync('real', join(directory, 'link'));
  openOutputFile(join(directory, 'link'), 'x').commit('after');
  expect(readFileSync(join(directory, 'real'), 'utf8')).toBe('after');
});

test('a device is written to, not replaced', () => {
  openOutputFile('/dev/null', 'x').commit('text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test.for([
  ['a directory', '', 'EISDIR'],
  ['a directory that does not exist', 'none/report.json', 'ENOENT'],
] as const)('%s cannot be written to, and that is told before any work', ([, name, code]) => {
  const open = () => openOutputFile(join(directory, name), 'x');
  expect(open).toThrow(CannotRun);
  expect(open).toThrow(`(${code})`);
});
