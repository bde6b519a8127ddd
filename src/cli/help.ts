/** Help from the option table, laid out by yargs, which loads only for it. */
import yargs, { type Argv, type Options } from 'yargs';
import { type CommandName, commandNames, type OptionSpec } from '../config/option.ts';
import { optionFor, optionsOf } from '../config/options.ts';
import { argumentsOf } from './arguments.ts';
import { commandHelp } from './command-help.ts';
import type { Io } from './io.ts';
import { remarksOn } from './remarks.ts';

/** For one command, or for all of them; ends with a newline. */
export async function help(command: CommandName | undefined, io: Io): Promise<string> {
  const width = Math.max(40, Math.min(80, io.stdout.columns ?? 80));
  // Its locale files do not exist within the executable, and the rest of the program speaks English.
  const empty = yargs([])
    .scriptName('sidelight')
    .locale('en')
    .help(false)
    .version(false)
    .wrap(width);
  const text = await (command ? describe(empty, command) : overview(empty)).getHelp();
  return `${text.trimEnd()}\n`;
}

function overview(empty: Argv): Argv {
  const described = commandNames.reduce((so, name) => {
    const args = argumentsOf[name].text.replace('<alert or cause>', '<x>');
    return so.command(`${name} ${args}`.trim(), commandHelp[name].summary);
  }, empty);
  return described
    .usage(
      'sidelight <command>\n\nDoes the gateway accept this delegate over mutual TLS, and if not, why?',
    )
    .example('sidelight check', "inside a delegate's container")
    .example('sidelight check https://gateway:8443 --cert a.crt --key a.key', 'anywhere else')
    .epilogue('Options of a command and examples: sidelight <command> --help');
}

function describe(empty: Argv, command: CommandName): Argv {
  const { summary, examples, notes } = commandHelp[command];
  const usage = `sidelight ${command} ${argumentsOf[command].text}`.trimEnd();
  const names = optionsOf(command);
  const described = names.reduce(
    (so, name) => {
      const option = optionFor(name, command);
      return so.option(option.flag, describeOption(option, command));
    },
    empty.usage(`${usage}\n\n${summary}`),
  );
  described.option('help', { group: 'General:', describe: 'Print this help' });
  const withExamples = examples.reduce(
    (so, [line, meaning]) => so.example(line, meaning),
    described,
  );
  return notes.length === 0 ? withExamples : withExamples.epilogue(notes.join('\n\n'));
}

function describeOption(option: OptionSpec, command: CommandName): Options {
  const { group, description, placeholder } = option;
  const value = placeholder === undefined ? '' : `${placeholder}: `;
  return {
    group: `${group}:`,
    describe: `${value}${description}${remarksOn(option, command)}`,
  };
}
