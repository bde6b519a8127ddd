/** Runs first within the executable: takes the program's modules out of it, each when it is first required. */
import { getRawAsset } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** Set by the build: code caches do not travel to another architecture. */
declare const withCodeCache: boolean;

interface Module {
  exports: unknown;
}

type Wrapped = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Module,
  moduleUrl: string,
  filename: string,
  directory: string,
) => void;

const file = process.execPath;
const directory = file.slice(0, file.lastIndexOf('/') + 1);
const url = pathToFileURL(file).href;
const loaded = new Map<string, Module>();

function evaluate(name: string): unknown {
  // ASCII, see ascii.ts: as one octet a character V8 reads it fastest.
  const source = Buffer.from(getRawAsset(name)).toString('latin1');
  const cachedData = withCodeCache ? Buffer.from(getRawAsset(`${name}.cache`)) : undefined;
  // A cache that V8 refuses, because it runs with other flags, costs time and nothing else.
  return new Script(source, {
    filename: `sidelight:${name}`,
    ...(cachedData && { cachedData }),
  }).runInThisContext();
}

const index = evaluate('index') as {
  /** Of the start; it exports each as `m` and its number here. */
  readonly modules: readonly string[];
  /** Evaluated when an export is first touched. */
  readonly lateValues: readonly string[];
  /** Evaluated when an export is first called. */
  readonly lateFunctions: readonly string[];
};

/** For the start, which the build has seen to take nothing but named imports. */
function loadLate(id: string): unknown {
  const isFunctions = index.lateFunctions.includes(id);
  if (!isFunctions && !index.lateValues.includes(id)) return load(id);
  let exports: object | undefined;
  const take = (name: string | symbol) => {
    exports ??= load(id) as object;
    return Reflect.get(exports, name);
  };
  return new Proxy(
    {},
    {
      get: (_, name) =>
        isFunctions ? (...values: readonly unknown[]) => take(name)(...values) : take(name),
    },
  );
}

function load(id: string): unknown {
  if (!id.startsWith('./')) return require(id);
  const known = loaded.get(id);
  if (known) return known.exports;
  const at = index.modules.indexOf(id);
  if (at >= 0) return (start.exports as Readonly<Record<string, unknown>>)[`m${at}`];
  const module: Module = { exports: {} };
  loaded.set(id, module);
  (evaluate(id) as Wrapped)(module.exports, load, module, url, file, directory);
  return module.exports;
}

const start: Module = { exports: {} };
(evaluate('start') as Wrapped)(start.exports, loadLate, start, url, file, directory);
