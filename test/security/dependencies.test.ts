/** What runs with the program: its licences, its scripts, its vulnerabilities, and a reason for each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAudit } from '../../scripts/dependencies/audit.ts';
import { type Installed, judgePackages } from '../../scripts/dependencies/judge.ts';
import {
  type Lock,
  type Locked,
  runTimePackages,
} from '../../scripts/dependencies/run-time-tree.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as Lock;
const quiet = (): Installed => ({ isBuilt: false });
const path = 'node_modules/undici';

/** The lock file as it would be if this package were another. */
const lockWith = (change: Partial<Locked>): Lock => ({
  packages: { ...lock.packages, [path]: { version: '0', ...lock.packages[path], ...change } },
});

test('every package at run time is allowed, quiet, and has its reason', () => {
  const installed = (at: string): Installed | undefined => {
    const manifest = JSON.parse(read(`${at}/package.json`)) as Installed;
    return { ...manifest, isBuilt: false };
  };
  const here = (at: string) => {
    try {
      return installed(at);
    } catch {
      return undefined;
    }
  };
  expect(judgePackages(lock, here)).toEqual([]);
  expect(runTimePackages(lock).size).toBeGreaterThan(20);
});

test.for<[string, Partial<Locked>]>([
  ['the licence GPL-3.0-only', { license: 'GPL-3.0-only' }],
  ['the licence MIT AND GPL-2.0', { license: 'MIT AND GPL-2.0' }],
  ['a SHA-512 digest', { integrity: 'sha1-abc' }],
  ['a script when it is installed', { hasInstallScript: true }],
  ['development alone', { dev: true }],
])('a package is named for %s', ([what, change]) => {
  const problems = judgePackages(lockWith(change), quiet);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(path);
  expect(problems[0]).toContain(what);
});

test('one allowed licence of several is enough', () => {
  expect(judgePackages(lockWith({ license: '(GPL-2.0 OR MIT)' }), quiet)).toEqual([]);
});

test('a script that the lock file hides is found where the package is installed', () => {
  const found = judgePackages(lock, (at) => ({
    isBuilt: at === path,
    scripts: at === path ? { postinstall: 'node evil.js' } : { test: 'node test.js' },
  }));
  expect(found).toEqual([
    `${path} has the script postinstall`,
    `${path} is built when it is installed`,
  ]);
});

test('a package that nobody gave a reason for, and a reason for none, are named', () => {
  const more = { name: 'newcomer', entry: { ...lock.packages[path], version: '1.0.0' } };
  const packages = {
    ...lock.packages,
    'node_modules/newcomer': more.entry,
    'node_modules/ws': { ...lock.packages['node_modules/ws'], dependencies: { newcomer: '1' } },
  } as Lock['packages'];
  expect(judgePackages({ packages }, quiet).join()).toContain('newcomer has no reason');
  const { ws: _, ...fewer } = lock.packages['']?.dependencies ?? {};
  const without = { ...lock.packages, '': { version: '0', dependencies: fewer } };
  expect(judgePackages({ packages: without }, quiet).join()).toContain(
    'ws has a reason and is not',
  );
});

test('what README.md says it carries is what package.json names', () => {
  const table = /## What it carries\n([^#]*)/.exec(read('README.md'))?.[1] ?? '';
  const rows = [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell ?? '');
  const named = rows.slice(1).flatMap((cell) => cell.split(', '));
  const { dependencies } = JSON.parse(read('package.json')) as {
    dependencies: Record<string, string>;
  };
  expect(named.sort()).toEqual(Object.keys(dependencies).sort());
});

test('of vulnerabilities those at run time count; those of development are told apart', () => {
  const printed = JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      undici: { severity: 'high', nodes: [path] },
      vitest: { severity: 'low', nodes: ['node_modules/vitest'] },
      unknown: {},
    },
  });
  expect(readAudit(printed, lock)).toEqual({
    kind: 'done',
    atRunTime: [`undici: high (${path})`, 'unknown: of unknown severity ()'],
    forDevelopment: ['vitest: low (node_modules/vitest)'],
  });
  const none = readAudit('{"auditReportVersion":2,"vulnerabilities":{}}', lock);
  expect(none).toEqual({ kind: 'done', atRunTime: [], forDevelopment: [] });
});

test.for([
  ['that has no such endpoint', '{"message":"405 Method Not Allowed","statusCode":405}', '405'],
  ['that is not reached', '{"error":{"code":"ENOTFOUND"}}', 'ENOTFOUND'],
  ['that says nothing', '', 'no report'],
  ['that says something else', '{"vulnerabilities":{}}', 'no report'],
])('a registry %s is no clean bill', ([, printed = '', because]) => {
  expect(readAudit(printed, lock)).toEqual({ kind: 'impossible', because });
});
