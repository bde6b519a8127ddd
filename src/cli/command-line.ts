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
  const { plain: words, options: typed } = readWords(argv);
  // As many other programs have it.
  const saysHelp = words[0] === 'help';
  const plain = saysHelp ? words.slice(1) : words;
  const { command, args } = findCommand(plain);
  const has = (...flags: string[]): boolean => typed.some(({ flag }) => flags.includes(flag));
  const base = { ...(command && { command }), args };
  const isKnown = command !== undefined || commandsBelow(plain[0]).length > 0;
  const asksHelp = saysHelp && (isKnown || plain.length === 0);
  const wantsHelp = asksHelp || has('help', 'h') || argv.length === 0;
  if (wantsHelp || has('version')) {
    return { ...base, wants: wantsHelp ? 'help' : 'version', options: {}, problems: [] };
  }
  if (!command) return { ...base, options: {}, problems: [noCommand(plain, typed)] };
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

/** Commands of two words that begin with this one, such as `preflight`. */
function commandsBelow(word: string | undefined): readonly CommandName[] {
  return commandNames.filter((name) => name.startsWith(`${word} `));
}

function noCommand(plain: readonly string[], typed: readonly GivenOption[]): Problem {
  const [word, second] = plain;
  if (word === undefined) return nothingSaid(typed);
  const below = commandsBelow(word);
  const both = second === undefined ? word : `${word} ${second}`;
  const near = suggest(both, commandNames) ?? suggest(word, commandNames);
  const isUrl = word.includes('://') || /:\d+/.test(word);
  const hint = near ?? (isUrl ? 'check URL' : undefined);
  const known = below.length > 0 ? below : commandNames;
  return {
    where: 'command',
    what:
      below.length > 0 && second === undefined
        ? `${quoted(word)} alone is no command`
        : `${quoted(below.length > 0 ? both : word)} is no command`,
    expected:
      hint === undefined ? `one of ${known.join(', ')}` : `did you mean: sidelight ${hint}?`,
  };
}

/** Without any word, an option that no command has may be one of these, mistyped. */
const general = ['help', 'version'] as const;

function nothingSaid(typed: readonly GivenOption[]): Problem {
  const flags = optionNames.map((name) => optionSpec(name).flag);
  const unknown = typed.find(({ flag }) => !flags.includes(flag));
  if (unknown) return unknownOption(unknown, undefined, general);
  const expected = `one of ${commandNames.join(', ')}`;
  return { where: 'command', what: 'no command is given', expected };
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
      problems.push(unknownOption(given, command, [...known.keys(), ...general]));
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
  command: CommandName | undefined,
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
  const help = ['sidelight', ...(command === undefined ? [] : [command]), '--help'].join(' ');
  const expected = near === undefined ? `see: ${help}` : `did you mean --${near}?`;
  return { where, what, expected };
}

function countProblems(command: CommandName, args: readonly string[]): readonly Problem[] {
  const { min, max, text } = argumentsOf[command];
  if (args.length >= min && args.length <= max) return [];
  const given =
    args.length === 0 ? 'has no argument' : `has the arguments ${args.map(quoted).join(' ')}`;
  const near = suggest(`${command} ${args[0]}`, commandsBelow(command));
  const expected =
    near === undefined
      ? `sidelight ${command}${text && ` ${text}`}`
      : `did you mean: sidelight ${near}?`;
  return [{ where: command, what: given, expected }];
}
