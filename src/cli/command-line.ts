/** argv as a command, its options and its arguments, by the option table; with every fault in it. */
import type { Problem } from '../base/cannot-run.ts';
import { type CommandName, commandNames, type OptionSpec } from '../config/option.ts';
import {
  type OptionName,
  optionFor,
  optionNames,
  optionSpec,
  optionsOf,
} from '../config/options.ts';
import { expectedOf, quoted } from '../config/parsed.ts';
import type { GivenOptions } from '../config/settings.ts';
import { suggest } from '../config/suggest.ts';
import { argumentsOf } from './arguments.ts';
import { type GivenOption, readWords } from './words.ts';

export interface CommandLine {
  /** Absent when none was given, or none that is known; then `problems` says so, or help is wanted. */
  readonly command?: CommandName;
  readonly options: GivenOptions;
  /** What stands beside the options, without the command. */
  readonly args: readonly string[];
  readonly wants?: 'help' | 'version';
  readonly problems: readonly Problem[];
}

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { plain, options: typed } = readWords(argv);
  const { command, args } = findCommand(plain);
  const has = (...flags: string[]): boolean => typed.some(({ flag }) => flags.includes(flag));
  const base = { ...(command && { command }), args };
  const wantsHelp = has('help', 'h') || argv.length === 0;
  if (wantsHelp || has('version')) {
    return { ...base, wants: wantsHelp ? 'help' : 'version', options: {}, problems: [] };
  }
  if (!command) return { ...base, options: {}, problems: [noCommand(plain[0])] };
  const { options, problems } = assign(typed, command);
  return { ...base, options, problems: [...problems, ...countProblems(command, args)] };
}

function findCommand(plain: readonly string[]): { command?: CommandName; args: readonly string[] } {
  const [first, second] = plain;
  const pair = commandNames.find((name) => name === `${first} ${second}`);
  if (pair) return { command: pair, args: plain.slice(2) };
  const command = commandNames.find((name) => name === first);
  return command ? { command, args: plain.slice(1) } : { args: plain };
}

function noCommand(word: string | undefined): Problem {
  const expected = `one of ${commandNames.join(', ')}`;
  if (word === undefined) return { where: 'command', what: 'no command is given', expected };
  const below = commandNames.filter((name) => name.startsWith(`${word} `));
  if (below.length > 0) {
    const what = `${quoted(word)} alone is no command`;
    return { where: 'command', what, expected: `one of ${below.join(', ')}` };
  }
  const near = suggest(word, commandNames);
  const isUrl = word.includes('://') || /:\d+/.test(word);
  const hint = near ?? (isUrl ? `check ${word}` : undefined);
  const what = `${quoted(word)} is no command`;
  return {
    where: 'command',
    what,
    expected: hint === undefined ? expected : `did you mean: sidelight ${near ?? 'check URL'}?`,
  };
}

function assign(
  typed: readonly GivenOption[],
  command: CommandName,
): { readonly options: GivenOptions; readonly problems: readonly Problem[] } {
  const options: Partial<Record<OptionName, string | readonly string[]>> = {};
  const problems: Problem[] = [];
  const known = new Map(optionsOf(command).map((name) => [optionSpec(name).flag, name]));
  for (const given of typed) {
    const name = given.typed.startsWith('--') ? known.get(given.flag) : undefined;
    if (name === undefined) {
      problems.push(unknownOption(given, command, [...known.keys()]));
      continue;
    }
    const option = optionFor(name, command);
    const problem = valueProblem(given, option, options[name] !== undefined);
    if (problem) problems.push(problem);
    else options[name] = option.kind === 'boolean' ? 'true' : joined(options[name], given.value);
  }
  return { options, problems };
}

/** A list may be given in several pieces. */
function joined(
  before: string | readonly string[] | undefined,
  value = '',
): string | readonly string[] {
  return before === undefined ? value : [...[before].flat(), value];
}

function valueProblem(
  { typed: where, value }: GivenOption,
  option: OptionSpec,
  isRepeated: boolean,
): Problem | undefined {
  const isList = ['list', 'opensslList', 'urls'].includes(option.kind);
  if (option.kind === 'boolean') {
    if (value === undefined) return undefined;
    return { where, what: `has the value ${quoted(value)}`, expected: `${where} alone` };
  }
  if (value === undefined) return { where, what: 'has no value', expected: expectedOf(option) };
  if (isRepeated && !isList) return { where, what: 'is given twice', expected: 'one value' };
  return undefined;
}

function unknownOption(
  { typed, flag }: GivenOption,
  command: CommandName,
  known: readonly string[],
): Problem {
  const where = quoted(typed).slice(1, -1);
  const what = 'is an unknown option';
  const elsewhere = optionNames.map(optionSpec).find((option) => option.flag === flag);
  if (elsewhere) {
    const owners = elsewhere.commands.join(' and ');
    return { where, what: `is no option of ${command}`, expected: `it belongs to ${owners}` };
  }
  const near = suggest(flag, known);
  const expected =
    near === undefined ? `see: sidelight ${command} --help` : `did you mean --${near}?`;
  return { where, what, expected };
}

function countProblems(command: CommandName, args: readonly string[]): readonly Problem[] {
  const { min, max, text } = argumentsOf[command];
  if (args.length >= min && args.length <= max) return [];
  const given =
    args.length === 0 ? 'has no argument' : `has the arguments ${args.map(quoted).join(' ')}`;
  const expected = `sidelight ${command}${text && ` ${text}`}`;
  return [{ where: command, what: given, expected }];
}
