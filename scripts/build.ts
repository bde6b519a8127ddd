/** Makes dist/sidelight: one executable that carries the program and the pinned Node runtime. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const bundle = join(dist, 'sidelight.cjs');
const blob = join(dist, 'sidelight.blob');
const executable = join(dist, 'sidelight');
const { resolve } = createRequire(import.meta.url);
const runtime = resolve(`node-linux-${process.arch}/bin/node`);

/** Where Node looks for the program inside its own executable (Node's documentation, single executable applications). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

mkdirSync(dist, { recursive: true });
await build({
  entryPoints: [join(root, 'bin/sidelight.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  // Libraries that ask where they stand get the executable itself.
  define: { 'import.meta.url': 'moduleUrl', 'import.meta.dirname': '__dirname' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
writeFileSync(
  join(dist, 'sea.json'),
  JSON.stringify({
    main: bundle,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
  }),
);
execFileSync(runtime, ['--experimental-sea-config', join(dist, 'sea.json')], { stdio: 'ignore' });
copyFileSync(runtime, executable);
chmodSync(executable, 0o755);
const injection = [executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse];
execFileSync(runtime, [resolve('postject/dist/cli.js'), ...injection], { stdio: 'ignore' });

const megabytes = (statSync(executable).size / 1e6).toFixed(1);
process.stdout.write(`dist/sidelight: ${megabytes} MB\n`);
