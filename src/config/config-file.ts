/** The configuration file: JSON whose keys are those of the option table, for all targets at the top or for one in `targets`. */
import { errorCode, type Problem } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import { findJsonFault } from './json-fault.ts';
import { type OptionName, optionNames, optionSpec } from './options.ts';
import type { Raw } from './parse-value.ts';
import { expectedOf } from './parsed.ts';
import { suggest } from './suggest.ts';

/** A value in the file, with its place for messages: `sidelight.json: targets[0].cert`. */
export interface FileValue {
  readonly raw: Raw;
  readonly origin: string;
}

type FileValues = Readonly<Partial<Record<OptionName, FileValue>>>;

interface FileHome {
  /** What the file calls it. */
  readonly name?: FileValue;
  readonly values: FileValues;
}

interface FileTarget {
  readonly url: FileValue;
  readonly values: FileValues;
}

export interface ConfigFile {
  readonly path: string;
  readonly top: FileValues;
  readonly targets: readonly FileTarget[];
  readonly homes: readonly FileHome[];
  /** Whether something was wrong, so that more may have been meant than stands here. */
  readonly isFaulty: boolean;
}

/** Every fault is pushed to `problems`; what can be used is returned all the same. */
export function readConfigFile(
  path: string,
  origin: string,
  readFile: (path: string) => string,
  problems: Problem[],
): ConfigFile {
  const before = problems.length;
  const nothing = { path, top: {}, targets: [], homes: [], isFaulty: true };
  const text = readText(path, origin, readFile, problems);
  if (text === undefined) return nothing;
  const document = parseJson(path, text, problems);
  if (document === undefined) return nothing;
  if (!isObject(document)) {
    const expected = 'an object, such as { "targets": [ { "url": "https://gateway:8443" } ] }';
    problems.push({ where: path, what: `holds ${typeName(document)}`, expected });
    return nothing;
  }
  const { home = {}, homes = [], targets = [], ...rest } = document;
  const top = readObject(path, '', rest, topKeys, ['home', 'homes', 'targets'], problems);
  const ofHome = isObject(home)
    ? readObject(path, 'home.', home, homeKeys, [], problems)
    : wrongType(`${path}: home`, home, 'an object, such as { "url": "https://home" }', problems);
  const named = readTargets(path, targets, problems);
  const beside = readHomes(path, homes, problems);
  const isFaulty = problems.length > before;
  return { path, top: { ...top, ...ofHome }, targets: named, homes: beside, isFaulty };
}

const keysWhere = (wanted: (name: OptionName) => boolean): readonly OptionName[] =>
  optionNames.filter((name) => optionSpec(name).file !== 'none' && wanted(name));
const topKeys = keysWhere((name) => !name.startsWith('home.'));
const homeKeys = keysWhere((name) => name.startsWith('home.'));
const targetKeys = keysWhere((name) => optionSpec(name).file === 'target');

function readText(
  path: string,
  origin: string,
  readFile: (path: string) => string,
  problems: Problem[],
): string | undefined {
  try {
    return readFile(path).replace(/^\ufeff/, '');
  } catch (error) {
    const what = `cannot read "${sanitise(path)}" (${errorCode(error)})`;
    problems.push({ where: origin, what, expected: 'a readable JSON file' });
    return undefined;
  }
}

function parseJson(path: string, text: string, problems: Problem[]): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column, expected } = findJsonFault(text) ?? {
      line: 1,
      column: 1,
      expected: 'JSON',
    };
    const where = `${path}: line ${line}, column ${column}`;
    problems.push({ where, what: 'is no JSON from here on', expected });
    return undefined;
  }
}

function readTargets(path: string, targets: unknown, problems: Problem[]): readonly FileTarget[] {
  const expected = 'a list, such as [ { "url": "https://gateway:8443" } ]';
  if (!Array.isArray(targets)) {
    wrongType(`${path}: targets`, targets, expected, problems);
    return [];
  }
  return targets.flatMap((entry: unknown, index) => {
    const prefix = `targets[${index}]`;
    if (!isObject(entry)) {
      wrongType(`${path}: ${prefix}`, entry, 'an object with "url"', problems);
      return [];
    }
    const { url, ...rest } = entry;
    const values = readObject(path, `${prefix}.`, rest, targetKeys, ['url'], problems);
    const origin = `${path}: ${prefix}.url`;
    if (typeof url === 'string') return [{ url: { raw: url, origin }, values }];
    const what = url === undefined ? 'is missing' : `is ${typeName(url)}`;
    problems.push({ where: origin, what, expected: 'https://HOST[:PORT][/PATH]' });
    return [];
  });
}

function readHomes(path: string, homes: unknown, problems: Problem[]): readonly FileHome[] {
  if (!Array.isArray(homes)) {
    const expected = 'a list, such as [ { "url": "https://home" } ]';
    wrongType(`${path}: homes`, homes, expected, problems);
    return [];
  }
  return homes.flatMap((entry: unknown, index) => {
    const prefix = `homes[${index}]`;
    if (!isObject(entry)) {
      wrongType(`${path}: ${prefix}`, entry, 'an object with "url"', problems);
      return [];
    }
    const { name, ...rest } = entry;
    const values = readObject(path, `${prefix}.`, rest, homeKeys, ['name'], problems);
    const origin = `${path}: ${prefix}.name`;
    if (typeof name === 'string') return [{ name: { raw: name, origin }, values }];
    if (name !== undefined) wrongType(origin, name, 'a name', problems);
    return [{ values }];
  });
}

/** `prefix` stands before the keys in messages; `home.` is also part of the names in the table. */
function readObject(
  path: string,
  prefix: string,
  object: Readonly<Record<string, unknown>>,
  known: readonly OptionName[],
  others: readonly string[],
  problems: Problem[],
): FileValues {
  const shortNames = new Map(known.map((name) => [name.replace(/^home\./, ''), name]));
  const values: Partial<Record<OptionName, FileValue>> = {};
  for (const [key, value] of Object.entries(object)) {
    const origin = `${path}: ${prefix}${sanitise(key, 64)}`;
    const name = shortNames.get(key);
    const raw = name && rawOf(name, value);
    if (name === undefined) {
      problems.push(unknownKey(origin, key, [...shortNames.keys(), ...others], prefix));
    } else if (raw === undefined) {
      wrongType(origin, value, expectedOf(optionSpec(name)), problems);
    } else {
      values[name] = { raw, origin };
    }
  }
  return values;
}

function unknownKey(where: string, key: string, known: readonly string[], prefix: string): Problem {
  const near = suggest(key, known);
  if (near !== undefined)
    return { where, what: 'is an unknown key', expected: `did you mean "${near}"?` };
  const elsewhere = (topKeys as readonly string[]).includes(key) && prefix !== '';
  const expected = elsewhere ? 'it belongs at the top of the file' : `one of ${known.join(', ')}`;
  return { where, what: 'is an unknown key', expected };
}

/** Undefined when the type is not one that the option's kind is written in. */
function rawOf(name: OptionName, value: unknown): Raw | undefined {
  const { kind } = optionSpec(name);
  if (kind === 'boolean') return typeof value === 'boolean' ? String(value) : undefined;
  if (kind === 'count' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'string') return value;
  const isList = kind === 'list' || kind === 'opensslList';
  const texts = isList && Array.isArray(value) ? value : undefined;
  return texts?.every((item) => typeof item === 'string') ? texts : undefined;
}

function wrongType(
  where: string,
  value: unknown,
  expected: string,
  problems: Problem[],
): FileValues {
  problems.push({ where, what: `is ${typeName(value)}`, expected });
  return {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
