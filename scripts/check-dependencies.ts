/**
 * Prints the packages that run with the program, each with its reason, and holds them to what SECURITY.md says: licences,
 * no script at install, no known vulnerability. Exits with 1 where they are not; `--require-audit` counts it too when the
 * registry cannot be asked for vulnerabilities.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAudit } from './dependencies/audit.ts';
import { type Installed, judgePackages } from './dependencies/judge.ts';
import { reasons } from './dependencies/reasons.ts';
import {
  type Lock,
  type Node,
  runTimePackages,
  runTimeTree,
} from './dependencies/run-time-tree.ts';

const { values } = parseArgs({
  options: { 'require-audit': { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printTree(nodes: readonly Node[], depth: number): void {
  for (const { name, path, needs } of nodes) {
    const { version = '', license = '' } = lock.packages[path] ?? {};
    const package_ = `${'  '.repeat(depth)}${name} ${version}`;
    print(`${package_.padEnd(52)} ${license.padEnd(13)} ${reasons[name] ?? '?'}`);
    printTree(needs, depth + 1);
  }
}

function installed(path: string): Installed | undefined {
  const directory = join(root, path);
  if (!existsSync(directory)) return undefined;
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Installed;
  return {
    ...(manifest.scripts && { scripts: manifest.scripts }),
    isBuilt: existsSync(join(directory, 'binding.gyp')),
  };
}

printTree(runTimeTree(lock), 0);
const problems = [...judgePackages(lock, installed)];
print(`\n${runTimePackages(lock).size} packages at run time.`);
const { stdout } = spawnSync('npm', ['audit', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 120_000,
  maxBuffer: 64 * 1024 * 1024,
});
const audited = readAudit(stdout ?? '', lock);
if (audited.kind === 'impossible') {
  const line = `Not audited: the registry answers no question about vulnerabilities (${audited.because}).`;
  print(line);
  if (values['require-audit']) problems.push(line);
} else {
  for (const line of audited.forDevelopment) print(`Warning, in development alone: ${line}`);
  problems.push(...audited.atRunTime.map((line) => `Vulnerable: ${line}`));
  if (audited.atRunTime.length === 0) print('Audited: no known vulnerability at run time.');
}
for (const problem of problems) print(`Problem: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
