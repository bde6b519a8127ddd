/** Which packages an executable carries: those whose code is in the bundle, and the runtime. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import type { LockedPackage, LockFile } from './lock-file.ts';
import type { Runtime } from './runtime.ts';

export interface CarriedPackage {
  readonly name: string;
  /** As the lock file knows them: `node_modules/undici`. More than one where the same version is installed twice. */
  readonly paths: readonly string[];
  readonly locked: LockedPackage;
  /** SPDX expression. */
  readonly license: string;
  readonly licenseText: string;
}

/** Each version once, in the order of the first paths. Inputs of which not one octet is left in an output do not count. */
export function bundledPackages(
  { outputs }: Metafile,
  lock: LockFile,
  root: string,
): readonly CarriedPackage[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const paths = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (packagePath(path) ?? []) : [],
  );
  const found = new Map<string, CarriedPackage>();
  for (const path of [...new Set(paths)].sort()) {
    const next = carried(path, join(root, path), lock);
    const key = `${next.name}@${next.locked.version}`;
    const same = found.get(key);
    found.set(key, { ...next, paths: [...(same?.paths ?? []), path] });
  }
  return [...found.values()];
}

/** The package that makes the executable run. */
export function runtimePackage(
  { packageName, directory }: Runtime,
  lock: LockFile,
): CarriedPackage {
  return carried(`node_modules/${packageName}`, directory, lock);
}

/** The innermost package that holds a file. */
function packagePath(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function carried(path: string, directory: string, lock: LockFile): CarriedPackage {
  const locked = lock.packages[path];
  if (!locked) throw new Error(`the lock file does not name ${path}`);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  if (manifest.version !== locked.version)
    throw new Error(`${path} is not what the lock file names`);
  const { license } = manifest;
  if (typeof license !== 'string') throw new Error(`${path} names no licence`);
  return {
    name: manifest.name,
    paths: [path],
    locked,
    license,
    licenseText: licenseText(directory),
  };
}

/** Licence and notice files; some packages keep theirs in the README. */
function licenseText(directory: string): string {
  const files = readdirSync(directory).filter((name) =>
    /^(?:licen[cs]e|notice|copying)/i.test(name),
  );
  const texts = files.sort().map((name) => readFileSync(join(directory, name), 'utf8').trim());
  const readme = join(directory, 'README.md');
  if (texts.length === 0 && existsSync(readme)) {
    const section = /^#+ licen[cs]e\b.*\n(?:(?!#).*\n?)*/im.exec(readFileSync(readme, 'utf8'));
    if (section) texts.push(section[0].trim());
  }
  if (texts.length === 0) throw new Error(`${directory} holds no licence text`);
  return texts.join('\n\n');
}
