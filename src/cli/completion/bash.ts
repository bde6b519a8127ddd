/** Completion for bash, as one function that asks no program. */
import type { Candidates } from './candidates.ts';
import type { CompletedCommand } from './grammar.ts';

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const oneWord = commands.filter(({ name }) => !name.includes(' '));
  return `# bash completion for sidelight. Read it in with: eval "$(sidelight completion bash)"
_sidelight() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= at given
  # bash cuts --option=value into three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    given=\${COMP_WORDS[at]}
    case $command:$given in
${twoWords(commands)}
      :${oneWord.map(({ name }) => name).join(' | :')}) command=$given ;;
    esac
  done
  COMPREPLY=()
  case $command in
    '') _sidelight_words '${oneWord.map(({ name }) => name).join(' ')} --help --version' ;;
${commands.map(forCommand).join('\n')}
  esac
}
_sidelight_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_sidelight_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); }
_sidelight_directories() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word"); }
complete -F _sidelight sidelight
`;
}

function twoWords(commands: readonly CompletedCommand[]): string {
  return commands
    .filter(({ name }) => name.includes(' '))
    .map(({ name }) => `      ${name.replace(' ', ':')}) command='${name}' ;;`)
    .join('\n');
}

function forCommand(
  { name, options, argument }: CompletedCommand,
  _at: number,
  all: readonly CompletedCommand[],
): string {
  const flags = options.map(({ flag }) => `--${flag}`).join(' ');
  const below = all.filter((other) => other.name.startsWith(`${name} `));
  const words = [flags, ...below.map((other) => other.name.slice(name.length + 1))].join(' ');
  const plain =
    argument === undefined || argument === 'unknown'
      ? ''
      : `          [[ $word != -* ]] && ${reply(argument)} ||\n`;
  const values = options.flatMap(({ flag, value }) =>
    value === undefined ? [] : [`        --${flag}) ${reply(value)} ;;`],
  );
  return `    '${name}')
      case $before in
${values.join('\n')}
        *)
${plain}          _sidelight_words '${words}'
          ;;
      esac
      ;;`;
}

function reply(value: Candidates): string {
  if (value === 'unknown') return ':';
  return typeof value === 'string'
    ? `_sidelight_${value}`
    : `_sidelight_words '${value.join(' ')}'`;
}
