/** What can be typed at each place, from the option table: what every shell's completion is written from. */
import { type CommandName, commandNames, type OptionSpec } from '../../config/option.ts';
import { optionFor, optionsOf } from '../../config/options.ts';
import { explained } from '../../format/explain.ts';
import { argumentsOf } from '../arguments.ts';
import { commandHelp } from '../command-help.ts';
import type { Candidates } from './candidates.ts';

export interface CompletedOption {
  /** Without the dashes. */
  readonly flag: string;
  readonly description: string;
  /** Stands for the value, in capitals. */
  readonly placeholder: string;
  /** Absent: it has no value. */
  readonly value?: Candidates;
}

export interface CompletedCommand {
  /** One word, or two: `home list`. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly argument?: Candidates;
}

/** Each word that leads to commands of two words is there, whether it is a command itself or not. */
export function completedCommands(): readonly CompletedCommand[] {
  const commands = commandNames.map(completedCommand);
  const leading = new Set(commandNames.flatMap((name) => name.match(/^.*(?= )/) ?? []));
  const missing = [...leading].filter((word) => commands.every(({ name }) => name !== word));
  return [...commands, ...missing.map(leadingWord)];
}

function completedCommand(name: CommandName): CompletedCommand {
  const argument = name === 'explain' ? explained() : argumentsOf[name].candidates;
  return {
    name,
    summary: commandHelp[name].summary,
    options: [...optionsOf(name).map((option) => completed(optionFor(option, name))), help],
    ...(argument && { argument }),
  };
}

function leadingWord(name: string): CompletedCommand {
  const next = commandNames.flatMap((other) =>
    other.startsWith(`${name} `) ? [other.slice(name.length + 1)] : [],
  );
  return { name, summary: next.join(', '), options: [help] };
}

const help: CompletedOption = { flag: 'help', description: 'Print help', placeholder: '' };

function completed(option: OptionSpec): CompletedOption {
  const { flag, description, kind, placeholder = 'VALUE' } = option;
  return {
    flag,
    description,
    placeholder,
    ...(kind !== 'boolean' && { value: candidatesFor(option) }),
  };
}

function candidatesFor({ kind, choices, placeholder }: OptionSpec): Candidates {
  if (choices) return choices;
  if (kind !== 'path') return 'unknown';
  return placeholder === 'DIR' ? 'directories' : 'files';
}
