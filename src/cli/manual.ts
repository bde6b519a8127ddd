/** The manual page, in the man macros of troff, from the same tables as the help. */
import { version } from '../base/version.ts';
import { type CommandName, commandNames, type OptionSpec } from '../config/option.ts';
import { optionFor, optionsOf } from '../config/options.ts';
import { argumentsOf } from './arguments.ts';
import { commandHelp } from './command-help.ts';
import { remarksOn } from './remarks.ts';

export function manual(): string {
  const lines = [
    `.TH SIDELIGHT 1 "" "sidelight ${version}" "User Commands"`,
    '.SH NAME',
    'sidelight \\- does the gateway accept this delegate over mutual TLS, and if not, why?',
    '.SH SYNOPSIS',
    ...commandNames.flatMap((name) => ['.br', `.B sidelight ${text(name)}`, ...synopsisOf(name)]),
    '.SH DESCRIPTION',
    ...description.flatMap((paragraph) => ['.PP', text(paragraph)]),
    '.SH COMMANDS',
    ...commandNames.flatMap(describe),
    '.SH "EXIT STATUS"',
    ...exitStatuses.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning)]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, meaning]) => ['.TP', `.B ${text(name)}`, text(meaning)]),
    '.SH FILES',
    ...files.flatMap(([path, meaning]) => ['.TP', `.I ${text(path)}`, text(meaning)]),
  ];
  return `${lines.join('\n')}\n`;
}

const description = [
  'Sidelight makes the connection that a delegate makes, reads the handshake from the wire, and says the outcome, the cause with the side that must act, and the next step.',
  "Inside a delegate's container it needs no option: address, account, certificate, key, CA bundle, Java trust store and proxy are found in the delegate's environment and files. sidelight check --show-config prints each with what said it.",
];

const exitStatuses = [
  ['0', 'check: accepted; other commands: done; run and home: ended by SIGTERM.'],
  ['1', 'check: not accepted; status: something is not as it should be.'],
  ['2', 'Could not run: every problem is named at once.'],
  ['3', 'run: it ended itself at its memory ceiling; start it anew.'],
] as const;

const environment = [
  [
    'SIDELIGHT_…',
    'Each option with a value has a variable: --tls-min is SIDELIGHT_TLS_MIN. An option goes before it, and it before the configuration file.',
  ],
  ['SIDELIGHT_TARGETS', 'Targets, separated by spaces.'],
  [
    'MANAGER_HOST_AND_PORT, ACCOUNT_ID, DELEGATE_NAME, DELEGATE_CLIENT_CERTIFICATE_PATH, DELEGATE_CLIENT_CERTIFICATE_KEY_PATH',
    "The delegate's own; of version 3: URL and NAME beside ACCOUNT_ID, HARNESS_CLIENT_CERT_FILE, HARNESS_CLIENT_KEY_FILE, HARNESS_CERTS_DIR.",
  ],
  [
    'PROXY_HOST, PROXY_PORT, PROXY_SCHEME, PROXY_USER, PROXY_PASSWORD, PROXY_MANAGER, NO_PROXY',
    "The delegate's proxy and what goes past it; then https_proxy.",
  ],
  ['NO_COLOR', 'Anything: no colours.'],
] as const;

const files = [
  ['/etc/mtls/client.crt, /etc/mtls/client.key', "The delegate's certificate and key."],
  ['/opt/harness-delegate/ca-bundle', 'Certificates to trust besides the usual ones.'],
  [
    '/run/secrets/proxy.config, proxy.config',
    "The delegate's proxy, which goes before the environment.",
  ],
] as const;

function synopsisOf(name: CommandName): readonly string[] {
  const words = [
    ...(optionsOf(name).length > 0 ? ['[option …]'] : []),
    ...(argumentsOf[name].text === '' ? [] : [argumentsOf[name].text]),
  ];
  return words.length === 0 ? [] : [text(words.join(' '))];
}

function describe(name: CommandName): readonly string[] {
  const { summary, examples, notes } = commandHelp[name];
  return [
    `.SS "sidelight ${name}"`,
    sentence(summary),
    ...optionsOf(name).flatMap((option) => describeOption(optionFor(option, name), name)),
    ...notes.flatMap((note) => ['.PP', text(note)]),
    ...examples.flatMap(([line, meaning]) => [
      '.PP',
      `${text(meaning)}:`,
      '.PP',
      '.EX',
      `    ${text(line)}`,
      '.EE',
    ]),
  ];
}

function describeOption(option: OptionSpec, command: CommandName): readonly string[] {
  const { flag, placeholder = 'VALUE', kind, description: meaning } = option;
  const name =
    kind === 'boolean'
      ? `.B ${text(`--${flag}`)}`
      : `.BI "${text(`--${flag}`)} " "${text(placeholder)}"`;
  return ['.TP', name, sentence(`${meaning}${remarksOn(option, command)}`)];
}

const sentence = (words: string): string => text(/[.?!]$/.test(words) ? words : `${words}.`);

/** For a line of text: nothing in it is a request or an escape of troff, and a dash is the dash that is typed. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\(rs')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replace(/^\./, '\\&.')
    .replace(/[^\x20-\x7e]/gu, (character) => `\\[u${hex(character)}]`);
}

const hex = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
