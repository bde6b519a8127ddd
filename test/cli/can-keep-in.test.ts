/** Whether a directory would do for state, as the file system says. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canKeepIn } from '../../src/cli/can-keep-in.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const at = (name: string): string => join(directory, name);
const module = new URL('../../src/cli/can-keep-in.ts', import.meta.url);
/** Prints the answer for each argument. */
const asking = `import { canKeepIn } from '${module}'; console.log(...process.argv.slice(1).map(canKeepIn));`;
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  writeFileSync(at('file'), '');
  for (const name of ['own', 'everybodys', 'closed', 'everybodys/own']) mkdirSync(at(name));
  chmodSync(at('everybodys'), 0o1777);
  chmodSync(at('closed'), 0o500);
  symlinkSync(at('own'), at('link'));
  symlinkSync(at('nowhere'), at('dangling'));
});

test.for([
  ['own', true],
  ['own/not/yet/there', true],
  ['link', true],
  ['everybodys/own', true],
  ['everybodys/not-yet', true],
  ['file', false],
  ['file/below', false],
  ['dangling', false],
  ['dangling/below', false],
] as const)('%s: %j, and nothing is made', ([name, answer]) => {
  const before = readdirSync(directory, { recursive: true });
  expect(canKeepIn(at(name))).toBe(answer);
  expect(readdirSync(directory, { recursive: true })).toEqual(before);
});

test('what may not be written will not do', () => {
  // Root may write everywhere.
  const user = isRoot ? { uid: 1001, gid: 1001 } : {};
  chmodSync(directory, 0o755);
  const asked = ['closed', 'closed/below', 'everybodys/not-yet'].map(at);
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', asking, ...asked], {
    ...user,
    encoding: 'utf8',
  });
  expect(stdout).toBe('false false true\n');
});

test.runIf(isRoot)('what somebody else put where everybody may is not trusted', () => {
  mkdirSync(at('everybodys/theirs'));
  symlinkSync(at('own'), at('everybodys/link'));
  mkdirSync(at('theirs'));
  for (const name of ['everybodys/theirs', 'everybodys/link', 'theirs'])
    lchownSync(at(name), 1001, 1001);
  expect(canKeepIn(at('everybodys/theirs'))).toBe(false);
  expect(canKeepIn(at('everybodys/link'))).toBe(false);
  // A volume that root mounted, or its group's.
  expect(canKeepIn(at('theirs'))).toBe(true);
});
