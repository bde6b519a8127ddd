/** The program as parts: what a check needs in one, everything else in parts of its own, loaded when it is called for. */
import { basename, join, relative } from 'node:path';
import { build, type Metafile, transform } from 'esbuild';

export interface Part {
  /** As the loader knows it. */
  readonly name: string;
  readonly source: string;
  /** Whether it is compiled whole beforehand: only what nearly every function of runs soon. */
  readonly eager: boolean;
}

export interface Program {
  readonly parts: readonly Part[];
  /** Of all inputs, by esbuild's own account. */
  readonly metafile: Metafile;
}

/** An accepted check loads these and what they import; a start that reads more than it runs is a slow one. */
const startEntries = [
  'bin/sidelight.ts',
  'src/agent/check.ts',
  'src/cli/check-command.ts',
  'src/cli/renderer.ts',
];

/** Imported by what is in the start, and touched by no accepted check: evaluated at the first use of an export. */
const lateValues = ['src/diagnosis/catalogue.ts'];

/** As those, but put into tables unused: evaluated at the first call of an export. They export functions and nothing else. */
const lateFunctions = ['cef', 'ecs', 'html', 'leef', 'ocsf', 'syslog'].map(
  (name) => `src/format/${name}.ts`,
);

const lateSources = [...lateValues, ...lateFunctions];

/** Of those built in, what costs a millisecond each and many a check never touches. */
const lateBuiltIns = ['node:dns/promises', 'node:sqlite', 'node:zlib'];

const entry = 'bin/sidelight.ts';

/** Names no directory of this machine: the same source gives the same octets anywhere. */
export async function makeProgram(root: string): Promise<Program> {
  const whole = await bundle(root, [entry]);
  const boundary = [...lateSources, ...sharedWithLate(whole.metafile)];
  const { outputFiles, metafile } = await bundle(root, [entry, ...boundary]);
  const { outputs } = metafile;
  const holders = (sources: readonly string[]): readonly string[] =>
    Object.keys(outputs).filter((path) =>
      sources.some((source) => (outputs[path]?.inputs[source]?.bytesInOutput ?? 0) > 0),
    );
  const late = holders(lateSources);
  const begin = startEntries.map((source) => outputOf(outputs, source));
  const atStart = reachable(outputs, begin, (to, kind) => kind === 'static' && !late.includes(to));
  const used = reachable(outputs, [outputOf(outputs, entry)], () => true);
  const modules = await Promise.all(
    outputFiles
      .map(({ path, text }) => ({ path: relative(root, path), text }))
      .filter(({ path }) => used.has(path))
      .map(async ({ path, text }) => ({
        path,
        name: nameOf(path),
        code: await toCommonJs(text, atStart.has(path)),
      })),
  );
  const start = modules.filter(({ path }) => atStart.has(path));
  for (const { name, code } of start) assertNamedImports(name, code);
  const index = {
    main: nameOf(outputOf(outputs, entry)),
    lateValues: [...lateBuiltIns, ...holders(lateValues).map(nameOf)],
    lateFunctions: holders(lateFunctions).map(nameOf),
  };
  return {
    metafile,
    parts: [
      { name: 'start', source: startPart(index, start), eager: true },
      ...modules
        .filter(({ path }) => !atStart.has(path))
        .map(({ name, code }) => ({ name, source: wrap(code), eager: false })),
    ],
  };
}

function bundle(root: string, entryPoints: readonly string[]) {
  return build({
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outdir: 'dist',
    entryNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    // Libraries that ask where they stand get the executable itself.
    define: { 'import.meta.url': 'moduleUrl', 'import.meta.dirname': '__dirname' },
  });
}

/** What the late sources import and others do too: as entries of their own, they are kept apart from what is late. */
function sharedWithLate({ inputs }: Metafile): readonly string[] {
  const staticImports = (file: string): readonly string[] =>
    (inputs[file]?.imports ?? []).flatMap(({ path, kind, external }) =>
      kind === 'import-statement' && external !== true ? [path] : [],
    );
  const below = new Set<string>();
  const visit = (file: string): void => {
    if (below.has(file)) return;
    below.add(file);
    staticImports(file).forEach(visit);
  };
  lateSources.forEach(visit);
  const elsewhere = Object.keys(inputs).filter((file) => !below.has(file));
  const shared = elsewhere.flatMap(staticImports).filter((file) => below.has(file));
  return [...new Set(shared)].filter((file) => !lateSources.includes(file)).sort();
}

type Outputs = Metafile['outputs'];

/** The outputs that `from` leads to, themselves included, along the imports that `follow` allows. */
function reachable(
  outputs: Outputs,
  from: readonly string[],
  follow: (to: string, kind: 'static' | 'dynamic') => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (output: string): void => {
    if (found.has(output)) return;
    found.add(output);
    for (const { path, kind, external } of outputs[output]?.imports ?? []) {
      const way = kind === 'import-statement' ? 'static' : 'dynamic';
      if (external !== true && follow(path, way)) visit(path);
    }
  };
  from.forEach(visit);
  return found;
}

function outputOf(outputs: Outputs, source: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source);
  if (!found) throw new Error(`${source} is no longer loaded by its own import()`);
  return found[0];
}

/** What is late has no exports to enumerate before it is loaded, as `import *` would. */
function assertNamedImports(name: string, code: string): void {
  const [found] = lateBuiltIns.filter((id) => code.includes(`(require("${id}")`));
  if (found !== undefined) throw new Error(`${name} takes more than named imports from ${found}`);
}

/** Names of functions cost memory; only libraries may rely on them. */
async function toCommonJs(text: string, ours: boolean): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    keepNames: !ours,
    supported: { 'dynamic-import': false },
    legalComments: 'none',
  });
  return code.replace(/^#!.*\n/, '').trim();
}

/** The parameters are what the loader hands to every module. */
function wrap(code: string): string {
  return `(function(exports,require,module,moduleUrl,__filename,__dirname){${code}\n})`;
}

/** As the modules name each other. */
function nameOf(output: string): string {
  return `./${basename(output)}`;
}

interface Index {
  readonly main: string;
  readonly lateValues: readonly string[];
  readonly lateFunctions: readonly string[];
}

/** What the loader starts with: the index and the modules by name. */
function startPart(
  index: Index,
  modules: readonly { readonly name: string; readonly code: string }[],
): string {
  const table = modules.map(({ name, code }) => `${JSON.stringify(name)}:${wrap(code)}`);
  return `({index:${JSON.stringify(index)},modules:{${table.join(',\n')}}})`;
}

/** Where a part's code cache stands beside it. */
export function cacheOf(name: string): string {
  return `${name}.cache`;
}

/** A file name for a part. */
export function fileOf(directory: string, name: string): string {
  return join(directory, basename(name));
}
