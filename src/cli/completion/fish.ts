/** Completion for fish, one line a candidate. */
import type { Candidates } from './candidates.ts';
import type { CompletedCommand, CompletedOption } from './grammar.ts';

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const oneWord = commands.filter(({ name }) => !name.includes(' '));
  const names = oneWord.map(({ name }) => name).join(' ');
  const lines = [
    '# fish completion for sidelight. Read it in with: sidelight completion fish | source',
    'complete -c sidelight -f',
    `complete -c sidelight -n 'not __fish_seen_subcommand_from ${names}' -l help -d 'Print help'`,
    `complete -c sidelight -n 'not __fish_seen_subcommand_from ${names}' -l version -d 'Print the version'`,
    ...oneWord.map(
      ({ name, summary }) =>
        `complete -c sidelight -n 'not __fish_seen_subcommand_from ${names}' -a ${name} -d ${quote(summary)}`,
    ),
    ...commands.flatMap((command) => forCommand(command, commands)),
  ];
  return `${lines.join('\n')}\n`;
}

function forCommand(
  command: CompletedCommand,
  all: readonly CompletedCommand[],
): readonly string[] {
  const below = all.filter(({ name }) => name.startsWith(`${command.name} `));
  const childNames = below.map(({ name }) => name.slice(command.name.length + 1));
  const [first = '', second] = command.name.split(' ');
  const conditions = [
    `__fish_seen_subcommand_from ${first}`,
    ...(second === undefined ? [] : [`__fish_seen_subcommand_from ${second}`]),
    ...childNames.map((child) => `not __fish_seen_subcommand_from ${child}`),
  ];
  const start = `complete -c sidelight -n '${conditions.join('; and ')}'`;
  return [
    ...below.map((child, at) => `${start} -a ${childNames[at]} -d ${quote(child.summary)}`),
    ...command.options.map((option) => `${start} ${optionWords(option)}`),
    ...(command.argument === undefined ? [] : argumentLine(start, command.argument)),
  ];
}

function optionWords({ flag, description, value }: CompletedOption): string {
  const named = `-l ${flag} -d ${quote(description)}`;
  return value === undefined ? named : `${named} -r ${valueWords(value)}`.trimEnd();
}

/** fish has no word for a directory alone beside -a. */
function valueWords(value: Candidates): string {
  if (value === 'unknown') return '-f';
  if (value === 'files') return '-F';
  return value === 'directories'
    ? "-f -a '(__fish_complete_directories)'"
    : `-f -a ${quote(value.join(' '))}`;
}

function argumentLine(start: string, argument: Candidates): readonly string[] {
  return argument === 'unknown' ? [] : [`${start} ${valueWords(argument)}`];
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
