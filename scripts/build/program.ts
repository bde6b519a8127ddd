/** The program as parts: what a check needs in one, everything else in parts of its own, loaded when it is called for. */
import { basename, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { inAscii } from './ascii.ts';
import { slimUndici } from './slim-undici.ts';

export interface Part {
  /** As the loader knows it. */
  readonly name: string;
  /** ASCII. */
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
const lateValues = [
  ...inRoom('diagnosis', ['catalogue', 'experiments']),
  'src/tls/tls12-cbc-protection.ts',
];

/** As those, but put into tables unused: evaluated at the first call of an export. They export functions and nothing else. */
const lateFunctions = [
  'src/base/edit-distance.ts',
  ...inRoom('config', ['json-fault', 'openssl-lists', 'parse-assignments', 'parse-otlp-url']),
  ...inRoom('config', ['parse-syslog-url', 'otlp/load-signal', 'otlp/resource-attributes']),
  'src/credential/java/pkcs12.ts',
  ...inRoom('evidence', ['foreign-octets', 'ocsp-seen']),
  ...inRoom('format', ['cef', 'ecs', 'html', 'ladder', 'leef', 'line', 'ocsf', 'syslog']),
  ...inRoom('state', ['read-only', 'take-over']),
  'src/tls/messages/compressed-certificate.ts',
  ...inRoom('x509', ['name-constraints', 'ocsp-response']),
];

const lateSources = [...lateValues, ...lateFunctions];

/** Built in, worth a millisecond or more each, and untouched by many a command. */
const lateBuiltIns = [
  ...['node:crypto', 'node:dns/promises', 'node:http', 'node:sqlite', 'node:tls', 'node:zlib'],
];

const entry = 'bin/sidelight.ts';

function inRoom(room: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `src/${room}/${name}.ts`);
}

/** Names no directory of this machine: the same source gives the same octets anywhere. */
export async function makeProgram(root: string): Promise<Program> {
  const whole = await bundle(root, [entry]);
  const boundary = [...lateSources, ...sharedWithLate(whole.metafile)];
  const { outputFiles, metafile } = await bundle(root, [entry, ...boundary]);
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(root, path), text]));
  const outputs = leaveOutBareImports(metafile.outputs, texts);
  const holders = (sources: readonly string[]): readonly string[] =>
    Object.keys(outputs).filter((path) =>
      sources.some((source) => (outputs[path]?.inputs[source]?.bytesInOutput ?? 0) > 0),
    );
  const late = holders(lateSources);
  const begin = startEntries.map((source) => outputOf(outputs, source));
  const atStart = reachable(outputs, begin, (to, kind) => kind === 'static' && !late.includes(to));
  const main = outputOf(outputs, entry);
  const used = reachable(outputs, [main], () => true);
  const start = [...atStart].filter((path) => path !== main).concat(main);
  const startCode = await joinStart(start, texts);
  assertNamedImports(startCode);
  const index: Index = {
    modules: start.map(nameOf),
    lateValues: [...lateBuiltIns, ...holders(lateValues).map(nameOf)],
    lateFunctions: holders(lateFunctions).map(nameOf),
  };
  const later = [...used].filter((path) => !atStart.has(path));
  return {
    metafile,
    parts: [
      { name: 'index', source: `(${JSON.stringify(index)})`, eager: false },
      { name: 'start', source: wrap(startCode), eager: true },
      ...(await Promise.all(
        later.map(async (path) => ({
          name: nameOf(path),
          source: wrap(await toCommonJs(nameOf(path), texts.get(path) ?? '')),
          eager: false,
        })),
      )),
    ],
  };
}

interface Index {
  /** Of the start; it exports each as `m` and its number here. The last one is the program's first. */
  readonly modules: readonly string[];
  readonly lateValues: readonly string[];
  readonly lateFunctions: readonly string[];
}

/** The start as one module, so that its parts find each other without going through exports. */
async function joinStart(
  start: readonly string[],
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const own = new Map(start.map((path) => [nameOf(path), texts.get(path) ?? '']));
  const contents = [...own.keys()]
    .map((name, at) => `export * as m${at} from ${JSON.stringify(name)};`)
    .join('\n');
  const plugin: Plugin = {
    name: 'start',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\.\// }, ({ path, kind }) =>
        kind === 'import-statement' && own.has(path)
          ? { path, namespace: 'start' }
          : { path, external: true },
      );
      onLoad({ filter: /.*/, namespace: 'start' }, ({ path }) => ({
        contents: (own.get(path) ?? '').replace(/^#!.*/, ''),
        loader: 'js',
      }));
    },
  };
  // Names of functions cost memory; only libraries may rely on them.
  const { outputFiles } = await build({
    ...commonJs,
    stdin: { contents },
    bundle: true,
    write: false,
    plugins: [plugin],
  });
  return inAscii('the start', outputFiles[0]?.text.trim() ?? '');
}

const commonJs = {
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  minify: true,
  // There is no loader for it within the executable: it becomes a promise of require().
  supported: { 'dynamic-import': false },
  legalComments: 'none',
} as const satisfies BuildOptions;

async function toCommonJs(name: string, text: string): Promise<string> {
  const { code } = await transform(text, { ...commonJs, keepNames: true });
  return inAscii(name, code.trim());
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
    plugins: [slimUndici],
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

const bareImport = /^import "(\.\/[^"]+)";\n/gm;

/**
 * esbuild has an entry import all that it leads to, late or not, for the sake of side effects; our modules have none when
 * they are imported. Takes the statements out of `texts` too.
 */
function leaveOutBareImports(outputs: Outputs, texts: Map<string, string>): Outputs {
  const leftOut = Object.entries(outputs).map(([path, output]) => {
    const text = texts.get(path) ?? '';
    const bare = new Set([...text.matchAll(bareImport)].map(([, name]) => name));
    texts.set(path, text.replaceAll(bareImport, ''));
    const imports = output.imports.filter((to) => to.external || !bare.has(nameOf(to.path)));
    return [path, { ...output, imports }] as const;
  });
  return Object.fromEntries(leftOut);
}

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
function assertNamedImports(code: string): void {
  const [found] = lateBuiltIns.filter((id) => code.includes(`(require("${id}")`));
  if (found !== undefined) throw new Error(`the start takes more than named imports from ${found}`);
}

/** The parameters are what the loader hands to every module. */
function wrap(code: string): string {
  return `(function(exports,require,module,moduleUrl,__filename,__dirname){${code}\n})`;
}

/** As the modules name each other. */
function nameOf(output: string): string {
  return `./${basename(output)}`;
}

/** Where a part's code cache stands beside it. */
export function cacheOf(name: string): string {
  return `${name}.cache`;
}

/** A file name for a part. */
export function fileOf(directory: string, name: string): string {
  return join(directory, basename(name));
}
