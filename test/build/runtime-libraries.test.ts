/** What is found in the runtime that this machine has. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runtimeLibraries } from '../../scripts/build/runtime-libraries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = join(import.meta.dirname, `../../node_modules/node-linux-${process.arch}`);
const libraries = runtimeLibraries({ directory });
const names = libraries.map(({ name }) => name);

test('each library is named once, with its version where the runtime says it', () => {
  expect(new Set(names).size).toBe(names.length);
  const { openssl, v8, acorn } = process.versions;
  for (const [name, version] of Object.entries({ openssl, v8, acorn, punycode: '2.1.0' })) {
    expect(libraries).toContainEqual({ name, version });
  }
  expect(libraries).toContainEqual({ name: 'brace-expansion' });
  expect(names).not.toContain('npm');
  expect(names).not.toContain('nghttp3');
});

/** An account of its own: the sources of the modules that are built in. */
test('whatever is built in as a module of somebody else is named', () => {
  const script = 'process.stdout.write(JSON.stringify(process.binding("natives")))';
  const { stdout } = spawnSync(join(directory, 'bin/node'), ['--no-deprecation', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const natives = JSON.parse(stdout) as Record<string, string>;
  const own = Object.keys(natives).flatMap((id) => {
    const [, name, inner] = /^internal\/deps\/([\w-]+)\/([\w-]+)/.exec(id) ?? [];
    return name === 'acorn' ? (inner ?? []) : (name ?? []);
  });
  const within = Object.values(natives).flatMap((source) =>
    [...source.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w-]+)\//g)].map(([, name]) => name),
  );
  expect(own.length).toBeGreaterThan(5);
  expect(within).toContain('balanced-match');
  expect([...new Set([...own, ...within])].filter((name) => !names.includes(name ?? ''))).toEqual(
    [],
  );
});

test('a library that the licence names and nobody has decided upon stops the build', () => {
  const other = join(temporaryDirectory(), 'runtime');
  mkdirSync(other);
  symlinkSync(join(directory, 'bin'), join(other, 'bin'));
  const license = readFileSync(join(directory, 'LICENSE'), 'utf8');
  writeFileSync(
    join(other, 'LICENSE'),
    `${license}\n- newlib, located at deps/newlib, is licensed\n`,
  );
  expect(() => runtimeLibraries({ directory: other })).toThrow('may or may not be in it: newlib');
});
