/** Holds what `npm run build` made to its promises: the same octets anywhere, a true bill of materials, licences, and no need of a newer glibc. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { version } from '../src/base/version.ts';
import { checkBill } from './build/check-bill.ts';
import { checkCommands } from './build/check-commands.ts';
import { checkTexts } from './build/check-texts.ts';
import { commitOf } from './build/commit.ts';
import { assertGlibc } from './build/glibc.ts';
import { readLockFile } from './build/lock-file.ts';
import { makeProgram } from './build/program.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const executable = join(dist, 'sidelight');
const directory = mkdtempSync(join(tmpdir(), 'check-build-'));

try {
  await expectations();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function expectations(): Promise<void> {
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: dist, stdio: 'inherit' });
  passed('the checksums are those of the files');
  checkVersion();
  const octets = readFileSync(executable);
  assertGlibc(octets, executable);
  passed('glibc 2.28 is enough');
  for (const path of [root, 'sidelight-build-']) {
    expect(!octets.includes(path), `${path} stands in the executable`);
  }
  passed('no path of this machine stands in the executable');
  await checkBillAndLicenses();
  await checkCommands(executable, directory);
  passed('run, home, demo, check --home, preflight and bundle work from the executable alone');
  await checkTexts(executable, directory);
  passed('the pages of home and of a report read as those of the source');
  checkReproducible();
}

function checkVersion(): void {
  const commit = commitOf(root);
  const printed = run(executable, ['--version']).trim();
  const inside = [
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    `Node ${process.versions.node}`,
    `linux ${process.arch}`,
  ].join(', ');
  expect(printed === `sidelight ${version} (${inside})`, `--version prints ${printed}`);
  passed(printed);
}

async function checkBillAndLicenses(): Promise<void> {
  const { metafile } = await makeProgram(root);
  const bill: unknown = JSON.parse(readFileSync(`${executable}.cdx.json`, 'utf8'));
  const names = checkBill(bill, metafile, readLockFile(root), `node-linux-${process.arch}`);
  const licenses = run(executable, ['licenses']);
  const besideIt = readFileSync(`${executable}.licenses.txt`, 'utf8');
  expect(besideIt === licenses, 'the licences beside the executable are not those within');
  for (const name of names) expect(licenses.includes(`${name} (`), `no licence of ${name}`);
  for (const inside of ['- OpenSSL', '- V8', '- ICU', '- zlib', '- libuv']) {
    const isSaid = licenses.toLowerCase().includes(inside.toLowerCase());
    expect(isSaid, `the licences of the runtime lack ${inside}`);
  }
  passed(`bill of materials and licences name ${names.length} packages, those that are inside`);
}

/** In another directory, from a copy of the source. */
function checkReproducible(): void {
  const beside = ['', '.cdx.json', '.licenses.txt', '.1'].map((end) => `sidelight${end}`);
  const copy = join(directory, 'elsewhere', 'source');
  const skipped = ['node_modules', 'dist', 'coverage'].map((name) => join(root, name));
  cpSync(root, copy, { recursive: true, filter: (from) => !skipped.includes(from) });
  // Links, where the file system has them across directories: the packages are large.
  const modules = [join(root, 'node_modules'), join(copy, 'node_modules')];
  try {
    execFileSync('cp', ['-al', ...modules], { stdio: 'ignore' });
  } catch {
    rmSync(join(copy, 'node_modules'), { recursive: true, force: true });
    execFileSync('cp', ['-a', ...modules]);
  }
  run(process.execPath, [join(copy, 'scripts/build.ts')]);
  for (const name of beside) {
    const [here, there] = [join(dist, name), join(copy, 'dist', name)].map((path) =>
      readFileSync(path),
    );
    expect(here?.equals(there ?? Buffer.alloc(0)) === true, `${name} differs when built elsewhere`);
  }
  passed('a second build, in another directory, gives the same octets');
}

function run(file: string, args: readonly string[]): string {
  if (!existsSync(file)) throw new Error(`${basename(file)} is missing: npm run build makes it`);
  return execFileSync(file, args, { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function passed(what: string): void {
  process.stdout.write(`${what}\n`);
}
