/** Makes dist/sidelight: one executable that carries the program and the pinned Node runtime, and what stands beside it. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../src/base/version.ts';
import { manual } from '../src/cli/manual.ts';
import { bundledPackages, runtimePackage } from './build/carried.ts';
import { commitOf } from './build/commit.ts';
import { makeExecutable } from './build/executable.ts';
import { licensesText } from './build/licenses.ts';
import { readLockFile } from './build/lock-file.ts';
import { makeProgram } from './build/program.ts';
import { type Architecture, architectures, runtimeOf } from './build/runtime.ts';
import { runtimeLibraries } from './build/runtime-libraries.ts';
import { sbom } from './build/sbom.ts';

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const root = join(import.meta.dirname, '..');
const dist = values.out ?? join(root, 'dist');
const lock = readLockFile(root);
const commit = commitOf(root);
const program = await makeProgram(root);
const packages = bundledPackages(program.metafile, lock, root);
const ownArchitecture = architectures.find((name) => name === process.arch);
if (!ownArchitecture) throw new Error(`there is no runtime package for ${process.arch}`);
const ownRuntime = runtimeOf(ownArchitecture, root, lock);

mkdirSync(dist, { recursive: true });
const wanted = values.all ? architectures : [ownArchitecture];
const made: string[] = [];
for (const architecture of wanted) made.push(...(await makeFor(architecture)));
writeFileSync(join(dist, 'sidelight.1'), manual());
made.push('sidelight.1');
const sums = made.map((name) => `${sha256(join(dist, name))}  ${name}\n`);
writeFileSync(join(dist, 'SHA256SUMS'), sums.join(''));
for (const name of readdirSync(dist)) {
  // Of an earlier build: it would not be what the sums name.
  if (!made.includes(name) && name !== 'SHA256SUMS') rmSync(join(dist, name), { recursive: true });
}
for (const name of made) {
  const megabytes = (statSync(join(dist, name)).size / 1e6).toFixed(1);
  process.stdout.write(`${join('dist', name)}: ${megabytes} MB\n`);
}

/** The executable, its bill of materials and the licences of all in it; gives their names. */
async function makeFor(architecture: Architecture): Promise<readonly string[]> {
  const isOwn = architecture === ownArchitecture;
  const name = isOwn ? 'sidelight' : `sidelight-linux-${architecture}`;
  const runtime = isOwn ? ownRuntime : runtimeOf(architecture, root, lock);
  const carrier = runtimePackage(runtime, lock);
  const licenses = licensesText([...packages, carrier]);
  const workDirectory = mkdtempSync(join(tmpdir(), 'sidelight-build-'));
  try {
    await makeExecutable(join(dist, name), {
      root,
      workDirectory,
      parts: program.parts,
      texts: {
        licenses,
        ...(commit !== undefined && { commit }),
      },
      runtime,
      ownRuntime,
    });
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
  const bill = sbom({
    version,
    ...(commit !== undefined && { commit }),
    architecture,
    packages,
    runtime: carrier,
    // The same for every architecture.
    runtimeLibraries: runtimeLibraries(ownRuntime),
  });
  writeFileSync(join(dist, `${name}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`);
  writeFileSync(join(dist, `${name}.licenses.txt`), licenses);
  return [name, `${name}.cdx.json`, `${name}.licenses.txt`];
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
