/** The program as parts: what a check needs in one, everything else in parts of its own, loaded when it is called for. */
import { basename, join } from 'node:path';
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

const entry = 'bin/sidelight.ts';

/** Names no directory of this machine: the same source gives the same octets anywhere. */
export async function makeProgram(root: string): Promise<Program> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'dist',
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
  const sources = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const atStart = startModules(metafile);
  const modules = await Promise.all(
    [...sources].map(async ([name, text]) => ({
      name,
      code: await toCommonJs(text, atStart.has(name)),
    })),
  );
  const start = modules.filter(({ name }) => atStart.has(name));
  const later = modules.filter(({ name }) => !atStart.has(name));
  return {
    metafile,
    parts: [
      { name: 'start', source: startPart(start, sources), eager: true },
      ...later.map(({ name, code }) => ({ name: `./${name}`, source: wrap(code), eager: false })),
    ],
  };
}

/** The outputs of the start entries with all that they import statically, by file name. */
function startModules({ outputs }: Metafile): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) visit(imported);
    }
  };
  for (const source of startEntries) visit(outputOf(outputs, source));
  return new Set([...found].map((path) => basename(path)));
}

function outputOf(outputs: Metafile['outputs'], source: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source);
  if (!found) throw new Error(`${source} is no longer loaded by its own import()`);
  return found[0];
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

function startPart(
  modules: readonly { readonly name: string; readonly code: string }[],
  sources: ReadonlyMap<string, string>,
): string {
  const main = basename(entry).replace(/\.ts$/, '.js');
  if (!sources.has(main)) throw new Error(`there is no ${main}`);
  const table = modules.map(({ name, code }) => `${JSON.stringify(`./${name}`)}:${wrap(code)}`);
  return `({main:${JSON.stringify(`./${main}`)},modules:{${table.join(',\n')}}})`;
}

/** Where a part's code cache stands beside it. */
export function cacheOf(name: string): string {
  return `${name}.cache`;
}

/** A file name for a part. */
export function fileOf(directory: string, name: string): string {
  return join(directory, basename(name));
}
