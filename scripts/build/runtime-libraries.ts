/** Which libraries the Node runtime carries: those that it names itself, and those that only its octets and its licence show. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from './runtime.ts';

export interface RuntimeLibrary {
  readonly name: string;
  /** Absent where the runtime does not say which. */
  readonly version?: string;
}

/** By name, each once. Throws for what nobody has decided upon yet. */
export function runtimeLibraries({ directory }: Pick<Runtime, 'directory'>): RuntimeLibrary[] {
  const node = join(directory, 'bin/node');
  const octets = readFileSync(node);
  const versions = namedVersions(node);
  const found = [
    ...Object.keys(versions),
    ...Object.keys(signs).filter((name) => octets.includes(signs[name] ?? '')),
    ...bundledWithin(octets),
  ];
  const names = [...new Set(found)].sort();
  const undecided = licensedNames(readFileSync(join(directory, 'LICENSE'), 'utf8')).filter(
    (name) => !names.includes(nameOf(name)) && !notInside.includes(name),
  );
  if (undecided.length > 0) {
    throw new Error(`the runtime's licence names what may or may not be in it: ${undecided}`);
  }
  return names.map((name) => {
    const version = versions[name];
    return { name, ...(version !== undefined && { version }) };
  });
}

/** In `process.versions` beside the libraries: itself, ABI numbers, data. */
const notLibraries: readonly string[] = ['node', 'modules', 'napi', 'cldr', 'tz', 'unicode'];

/** Empty versions stand for what Node was built without. */
function namedVersions(node: string): Readonly<Record<string, string>> {
  const script =
    'process.stdout.write(JSON.stringify({...process.versions,punycode:require("punycode").version}))';
  const printed = execFileSync(node, ['--no-deprecation', '-e', script], { encoding: 'utf8' });
  const versions = Object.entries(JSON.parse(printed) as Record<string, string>);
  return Object.fromEntries(
    versions.filter(([name, of]) => of !== '' && !notLibraries.includes(name)),
  );
}

/** What stands in the octets where a library is that has no version there: a symbol, or the name of a module. */
const signs: Readonly<Record<string, string>> = {
  'abseil-cpp': 'N4absl',
  'acorn-walk': 'internal/deps/acorn/acorn-walk/',
  caja: 'internal/freeze_intrinsics',
  'double-conversion': 'double_conversion',
  expected: 'N2tl8expected',
  fast_float: 'N10fast_float',
  hdrhistogram: 'hdr_record_value',
  inspector_protocol: 'N8v8_crdtp',
  large_pages: 'MapStaticCodeToLargePages',
  minimatch: 'internal/deps/minimatch/',
  'node-fs-extra': 'internal/fs/cp/cp',
  'node-heapdump': 'N4node4heap',
  'on-exit-leak-free': 'internal/process/finalization',
  rimraf: 'internal/fs/rimraf',
  siphash: 'halfsiphash',
  'sonic-boom': 'internal/streams/fast-utf8-stream',
  // Compiled to WebAssembly.
  swc: 'internal/deps/amaro/',
};

/** What bundlers put into its own modules: they leave the path of each file. */
function bundledWithin(octets: Buffer): readonly string[] {
  const paths = octets
    .toString('latin1')
    .matchAll(/\/\/ node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g);
  return [...paths].flatMap(([, name]) => name ?? []);
}

function licensedNames(license: string): readonly string[] {
  return [...license.matchAll(/^- (.+), located at /gm)].flatMap(([, name]) => name ?? []);
}

const otherNames: Readonly<Record<string, string>> = {
  'c-ares': 'ares',
  libuv: 'uv',
  'Punycode.js': 'punycode',
};

function nameOf(licensed: string): string {
  return otherNames[licensed] ?? licensed.toLowerCase();
}

/** Of the source archive. Looked for in the octets and not found, where they would be linked at all. */
const notInside: readonly string[] = [
  // Only for builds that are asked for it.
  ...['ittapi', 'LIEF', 'ngtcp2', 'nghttp3'],
  // Programs of their own, which the package brings beside the runtime or not at all.
  ...['corepack', 'npm'],
  // To build and to test it.
  ...['GYP', 'jinja2', 'markupsafe', 'cpplint.py', 'gypi_to_gn.py', 'gtest', 'postject'],
];
