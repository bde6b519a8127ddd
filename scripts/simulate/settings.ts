/** What `npm run simulate` was asked for; every problem with it at once. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRun, errorCode, type Problem } from '../../src/base/cannot-run.ts';
import { readSmallFile, smallFileBytes } from '../../src/base/read-small-file.ts';
import { optionSpec } from '../../src/config/options.ts';
import { parseHomeUrl } from '../../src/config/parse-url.ts';
import { readScenario, type Scenario } from './scenario.ts';

export interface Settings {
  readonly scenario: Scenario;
  readonly agents: number;
  readonly seed: number;
  readonly stepSeconds: number;
  readonly isQuiet: boolean;
  /** A home in this process, none at all, or one that runs already. */
  readonly home: 'in-process' | 'none' | HomeElsewhere;
}

/** What it says is not judged. */
export interface HomeElsewhere {
  /** `http:` or `https:`. */
  readonly url: string;
  /** Shared out among the agents; none where home lets everybody in. */
  readonly tokens: readonly string[];
  /** Its trust anchors, PEM; those of Node where there are none. */
  readonly ca?: string;
  /** How many seconds of the scenario pass in one. */
  readonly speed: number;
}

const scenarios = resolve(import.meta.dirname, 'scenarios');

const known = {
  /** Less or more than the scenario has. */
  agents: { type: 'string' },
  seed: { type: 'string' },
  /** Reports are brought home in steps of so many seconds: fewer and larger ones take less time. */
  step: { type: 'string' },
  /** The incidents alone, without a home and its doors. */
  'no-http': { type: 'boolean' },
  quiet: { type: 'boolean' },
  home: { type: 'string' },
  'token-file': { type: 'string' },
  'home-ca': { type: 'string' },
  speed: { type: 'string' },
} as const;

type Values = ReturnType<typeof parsed>['values'];

/** Throws CannotRun. */
export function readSettings(args: readonly string[]): Settings {
  const { values, positionals } = parsed(args);
  const problems: Problem[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const scenario = attempt(() => scenarioOf(positionals));
  const agents = attempt(() => count(values, 'agents', 1));
  const seed = attempt(() => count(values, 'seed', 0)) ?? 1;
  const stepSeconds = attempt(() => count(values, 'step', 1)) ?? 1;
  const home = attempt(() => homeOf(values));
  if (problems.length > 0 || !scenario || !home) throw new CannotRun(problems);
  const isQuiet = values.quiet ?? false;
  return { scenario, agents: agents ?? scenario.agents, seed, stepSeconds, isQuiet, home };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: known });
  } catch (error) {
    const [what = ''] = error instanceof Error ? error.message.split('. ') : [];
    const names = Object.keys(known).map((name) => `--${name}`);
    throw new CannotRun([{ where: 'options', what, expected: names.join(' ') }], { cause: error });
  }
}

function scenarioOf(positionals: readonly string[]): Scenario {
  const [path = 'scenarios/august-26.json', ...more] = positionals;
  if (more.length > 0) fail('scenario', `"${more.join(' ')}" is one too many`, 'one scenario');
  const places = [path, join(resolve(scenarios, '..'), path), join(scenarios, `${path}.json`)];
  const found = places.find((each) => existsSync(each));
  if (found !== undefined) return readScenario(found);
  const names = readdirSync(scenarios).map((name) => `scenarios/${name}`);
  return fail('scenario', `there is no "${path}"`, `a file, or one of ${names.join(' ')}`);
}

function homeOf(values: Values): Settings['home'] {
  const { home, 'no-http': isAlone = false, 'token-file': tokenFile, 'home-ca': ca } = values;
  if (home === undefined) {
    const names = ['token-file', 'home-ca', 'speed'] as const;
    const alone = names.find((name) => values[name] !== undefined);
    if (alone) fail(`--${alone}`, 'is about a home that runs already', '--home URL beside it');
    return isAlone ? 'none' : 'in-process';
  }
  if (isAlone) fail('--no-http', 'leaves out the home that --home names', 'one of the two');
  const url = parseHomeUrl(home, optionSpec('home.url'));
  if (!('value' in url)) fail('--home', url.what, url.expected);
  return {
    // Of one port: reports go by HTTP.
    url: url.value.href.replace(/^ws/, 'http'),
    tokens: tokenFile === undefined ? [] : tokensIn(tokenFile),
    ...(ca !== undefined && { ca: textOf('--home-ca', ca, 'trust anchors of home, PEM') }),
    speed: positive(values.speed),
  };
}

/** In home's form, `name token` a line, or in that of an agent, one token alone. */
function tokensIn(path: string): readonly string[] {
  const expected = 'a line `name token`, as in the file that home was given, or one token alone';
  const tokens = textOf('--token-file', path, expected)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'))
    .filter((words) => !words.some((word) => /^certificate:/i.test(word)))
    .flatMap((words) => words.at(-1) ?? []);
  if (tokens.length === 0) fail('--token-file', `${path} holds no token`, expected);
  if (tokens.some((token) => !/^[\x21-\x7e]+$/.test(token))) {
    fail('--token-file', `${path} holds a token that no header can carry`, expected);
  }
  return tokens;
}

function textOf(where: string, path: string, expected: string): string {
  try {
    return readSmallFile(path, { maxBytes: 16 * smallFileBytes }).toString();
  } catch (error) {
    return fail(where, `${path} cannot be read (${errorCode(error)})`, expected);
  }
}

const most = 10_000_000;

function count(values: Values, name: 'agents' | 'seed' | 'step', least: number) {
  const said = values[name];
  if (said === undefined) return undefined;
  const number = /^\d{1,9}$/.test(said) ? Number(said) : -1;
  if (number >= least && number <= most) return number;
  return fail(
    `--${name}`,
    `"${said}" is no such number`,
    `a whole number from ${least} to ${most}`,
  );
}

function positive(said = '1'): number {
  const number = Number(said);
  if (number > 0 && number <= most) return number;
  return fail('--speed', `"${said}" is no such number`, `a number above 0, at most ${most}`);
}

function fail(where: string, what: string, expected: string): never {
  throw new CannotRun([{ where, what, expected }]);
}
