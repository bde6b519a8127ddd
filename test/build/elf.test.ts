/** The executable's own format, on the runtime that runs the tests. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { neededVersions, readSections } from '../../scripts/build/elf.ts';
import { assertGlibc, compareVersions } from '../../scripts/build/glibc.ts';
import { stripElf } from '../../scripts/build/strip-elf.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const runtime = readFileSync(process.execPath);

test('a stripped runtime runs, needs the same libraries, and has no symbols', () => {
  const stripped = stripElf(runtime);
  const path = join(directory, 'node');
  writeFileSync(path, stripped, { mode: 0o755 });
  const printed = execFileSync(path, ['-p', 'process.version'], { encoding: 'utf8' });
  expect(printed.trim()).toBe(process.version);
  expect(stripped.length).toBeLessThan(runtime.length);
  expect(neededVersions(stripped)).toEqual(neededVersions(runtime));
  const names = readSections(stripped).map(({ name }) => name);
  expect(names).toContain('.dynsym');
  expect(names.filter((name) => name === '.symtab' || name.startsWith('.debug'))).toEqual([]);
  expect(stripElf(stripped).equals(stripped)).toBe(true);
});

test('the pinned runtime starts with glibc 2.28', () => {
  expect(() => assertGlibc(runtime, 'node')).not.toThrow();
});

test('a runtime that needs a newer glibc is refused', () => {
  const at = runtime.indexOf('GLIBC_2.28\0');
  const newer = Buffer.from(runtime);
  newer.write('GLIBC_2.34', at, 'latin1');
  expect(() => assertGlibc(newer, 'node')).toThrow('node needs glibc 2.34');
});

test.for([
  ['2.28', '2.28', 0],
  ['2.9', '2.28', -1],
  ['2.34', '2.28', 1],
  ['2.2.5', '2.2', 1],
  ['3.0', '2.28', 1],
] as const)('%s compared to %s is %i', ([a, b, sign]) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

test('what is no ELF file is refused', () => {
  expect(() => readSections(Buffer.from('#!/bin/sh\n'.repeat(10)))).toThrow('ELF');
});
