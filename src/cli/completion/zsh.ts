/** Completion for zsh, by its own `_arguments`. */
import type { Candidates } from './candidates.ts';
import type { CompletedCommand, CompletedOption } from './grammar.ts';

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const oneWord = commands.filter(({ name }) => !name.includes(' '));
  return `#compdef sidelight
# zsh completion for sidelight. Write it to a file _sidelight in a directory of $fpath, or read it in with:
#   source <(sidelight completion zsh)
_sidelight() {
  local context state line
  local -a commands=(
${oneWord.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  _arguments -C '(- *)--help[Print help]' '(- *)--version[Print the version]' '1:command:->command' '*::argument:->rest' && return
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${oneWord.map((command) => forCommand(command, commands)).join('\n')}
      esac
      ;;
  esac
}
if [ "$funcstack[1]" = _sidelight ]; then
  _sidelight "$@"
else
  compdef _sidelight sidelight
fi
`;
}

function forCommand(command: CompletedCommand, all: readonly CompletedCommand[]): string {
  const below = all.filter(({ name }) => name.startsWith(`${command.name} `));
  const lines = below.flatMap((child) => [
    `          if [[ \${words[2]} == ${lastWord(child)} ]]; then`,
    '            shift words; (( CURRENT-- ))',
    callArguments(child, '            '),
    '            return',
    '          fi',
  ]);
  const children = below.map((child) => `${lastWord(child)}\\:${quoteInner(child.summary)}`);
  const positional =
    children.length === 0
      ? []
      : [quote(`1:command:((${children.map((text) => `"${text}"`).join(' ')}))`)];
  return [
    `        ${command.name})`,
    ...lines,
    callArguments(command, '          ', positional),
    '          ;;',
  ].join('\n');
}

const lastWord = ({ name }: CompletedCommand): string => name.split(' ').at(-1) ?? name;

function callArguments(
  { options, argument }: CompletedCommand,
  indent: string,
  positional: readonly string[] = [],
): string {
  const rest = argument === undefined ? [] : [quote(`*:argument:${action(argument)}`)];
  const words = [...options.map(specOf), ...positional, ...rest];
  return `${indent}_arguments ${words.join(` \\\n${indent}  `)}`;
}

function specOf({ flag, description, placeholder, value }: CompletedOption): string {
  const text = `[${quoteInner(description).replace(/[[\]]/g, '\\$&')}]`;
  if (value === undefined) return quote(`--${flag}${text}`);
  return quote(`--${flag}=${text}:${placeholder}:${action(value)}`);
}

function action(value: Candidates): string {
  if (value === 'unknown') return ' ';
  if (value === 'files') return '_files';
  return value === 'directories' ? '_files -/' : `(${value.join(' ')})`;
}

/** A colon ends a field of a specification. */
const quoteInner = (text: string): string => text.replace(/[\\:"]/g, '\\$&');

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
