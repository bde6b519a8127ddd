/** One executable: the runtime of an architecture with the program's parts inside it. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { assertAscii } from './ascii.ts';
import { assertGlibc } from './glibc.ts';
import { cacheOf, fileOf, type Part } from './program.ts';
import type { Runtime } from './runtime.ts';
import { stripElf } from './strip-elf.ts';

export interface ExecutableOptions {
  readonly root: string;
  /** For what is only needed on the way; exists, and is the caller's to remove. */
  readonly workDirectory: string;
  readonly parts: readonly Part[];
  /** Texts that the program asks for by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly runtime: Runtime;
  /** Of this machine: what runs the tools. Absent from the result unless it is the same. */
  readonly ownRuntime: Runtime;
}

/** Where Node looks for the program inside its own executable (Node's documentation, single executable applications). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const { resolve } = createRequire(import.meta.url);

/** Writes the executable to `to`, in one step for whoever runs the one that stands there. */
export async function makeExecutable(to: string, options: ExecutableOptions): Promise<void> {
  const { workDirectory, runtime, ownRuntime } = options;
  const node = join(ownRuntime.directory, 'bin/node');
  const withCodeCache = runtime.architecture === ownRuntime.architecture;
  await writeInput(options, node, withCodeCache);
  // Relative paths: what stands in the configuration stands in the executable.
  const inWork = { cwd: workDirectory, stdio: 'ignore' } as const;
  execFileSync(node, ['--experimental-sea-config', 'sea.json'], inWork);
  const bare = readFileSync(join(runtime.directory, 'bin/node'));
  assertGlibc(bare, runtime.packageName);
  writeFileSync(join(workDirectory, 'executable'), stripElf(bare), { mode: 0o755 });
  const injection = ['executable', 'NODE_SEA_BLOB', 'blob', '--sentinel-fuse', fuse];
  execFileSync(node, [resolve('postject/dist/cli.js'), ...injection], inWork);
  const finished = readFileSync(join(workDirectory, 'executable'));
  writeInPieces(`${to}.new`, finished);
  renameSync(`${to}.new`, to);
}

async function writeInput(
  { root, workDirectory, parts, texts }: ExecutableOptions,
  node: string,
  withCodeCache: boolean,
): Promise<void> {
  const assets: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(workDirectory, `text-${name}`), text);
    assets[name] = `text-${name}`;
  }
  for (const { name, source, eager } of parts) {
    const file = fileOf(workDirectory, name);
    assertAscii(name, source);
    writeFileSync(file, source);
    assets[name] = fileOf('', name);
    if (!withCodeCache) continue;
    compile(node, file, eager);
    assets[cacheOf(name)] = cacheOf(fileOf('', name));
  }
  const loader = readFileSync(join(root, 'scripts/build/loader.ts'), 'utf8');
  const { code } = await transform(loader, {
    loader: 'ts',
    format: 'cjs',
    target: 'node24',
    minify: true,
    define: { withCodeCache: String(withCodeCache) },
  });
  writeFileSync(join(workDirectory, 'loader.cjs'), code);
  const configuration = {
    main: 'loader.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    // The environment of a delegate may hold NODE_OPTIONS for the jobs that it runs; they are not ours.
    execArgvExtension: 'none',
    // --disable-sigusr1: that signal would have Node open a port for a debugger, and a thread waits for it.
    // The others are in MiB. A check never fills its new space and so never collects it; that of `run` does not grow to V8's usual
    // 16 (measured: 5 MB less at the peak of `run`, 1 to 2 ms less of a check).
    execArgv: ['--disable-sigusr1', '--min-semi-space-size=4', '--max-semi-space-size=4'],
    assets,
  };
  writeFileSync(join(workDirectory, 'sea.json'), JSON.stringify(configuration));
}

/** With a fixed seed, V8 makes the same code cache of the same source every time; the seed is no part of what it checks. */
function compile(node: string, file: string, eager: boolean): void {
  const script = join(import.meta.dirname, 'compile-part.ts');
  const mode = eager ? 'eager' : 'lazy';
  execFileSync(node, ['--random-seed=1', script, file, cacheOf(file), mode], { stdio: 'ignore' });
}

/**
 * Written at once, the file lies in the page cache in blocks so large that the kernel maps 16 MB more of it into
 * every process than a copy of it gets (Linux 6.18, ext4; measured).
 */
function writeInPieces(path: string, octets: Buffer): void {
  const descriptor = openSync(path, 'w', 0o755);
  try {
    for (let at = 0; at < octets.length; ) {
      at += writeSync(descriptor, octets, at, Math.min(64 * 1024, octets.length - at));
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
