/** The pinned Node runtime of an architecture, from the registry's package that the lock file names. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockFile } from './lock-file.ts';

export type Architecture = 'x64' | 'arm64';
export const architectures: readonly Architecture[] = ['x64', 'arm64'];

export interface Runtime {
  readonly architecture: Architecture;
  /** The package's directory. */
  readonly directory: string;
  readonly packageName: string;
  readonly version: string;
}

/**
 * npm installs the package of this machine's architecture only; the other one is fetched by npm as well, held to
 * the lock file's integrity, and kept below node_modules.
 */
export function runtimeOf(architecture: Architecture, root: string, lock: LockFile): Runtime {
  const packageName = `node-linux-${architecture}`;
  const locked = lock.packages[`node_modules/${packageName}`];
  if (!locked?.integrity) throw new Error(`the lock file does not name ${packageName}`);
  const installed = join(root, 'node_modules', packageName);
  const runtime = { architecture, packageName, version: locked.version };
  if (existsSync(join(installed, 'bin/node'))) return { ...runtime, directory: installed };
  const fetched = join(root, 'node_modules/.cache/sidelight', `${packageName}-${locked.version}`);
  if (!existsSync(fetched))
    fetchPackage(`${packageName}@${locked.version}`, locked.integrity, fetched);
  return { ...runtime, directory: fetched };
}

function fetchPackage(specifier: string, integrity: string, to: string): void {
  const parts = join(tmpdir(), `sidelight-runtime-${process.pid}`);
  const staging = `${to}.${process.pid}`;
  mkdirSync(parts, { recursive: true });
  mkdirSync(staging, { recursive: true });
  try {
    const options = ['--json', '--pack-destination', parts];
    const printed = execFileSync('npm', ['pack', specifier, ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
    const archive = join(parts, filename);
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (`sha512-${digest}` !== integrity) {
      throw new Error(`${specifier} is not what the lock file names: sha512-${digest}`);
    }
    execFileSync('tar', ['-xzf', archive, '-C', staging, '--strip-components=1']);
    renameSync(staging, to);
  } finally {
    rmSync(parts, { recursive: true, force: true });
    rmSync(staging, { recursive: true, force: true });
  }
}
