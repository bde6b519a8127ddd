/** What the help says about each command, beside its options. */
import type { CommandName } from '../config/option.ts';

export interface CommandHelp {
  /** Also the line in the list of commands. */
  readonly summary: string;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Paragraphs after the options. */
  readonly notes: readonly string[];
}

const sources =
  'Each option with a value can also be said by a variable (--tls-min is SIDELIGHT_TLS_MIN) or by a key of the configuration file (tlsMin, and home.tokenFile for --home-token-file). Precedence: option, variable, configuration file, the delegate\'s own environment, default. Targets: arguments, SIDELIGHT_TARGETS (separated by spaces), "targets" in the file, MANAGER_HOST_AND_PORT.';
const preflightCodes =
  'Every check is shown, whatever it comes to. Exit code: 0 good, 1 something would break, 2 could not run.';
const faults =
  'A certificate, key, passphrase or CA file of a target that is missing, unreadable or malformed is an answer: it is reported like any other cause. A fault in the command line, in the configuration file or in a file for home is no answer: nothing runs, and the exit code is 2.';

export const commandHelp: Readonly<Record<CommandName, CommandHelp>> = {
  check: {
    summary: 'Look once: does the gateway accept this delegate, and if not, why?',
    examples: [
      ['sidelight check', "with what the delegate's own environment says"],
      [
        'sidelight check https://gateway:8443 --cert client.crt --key client.key',
        'with this certificate',
      ],
      [
        'sidelight check gateway:8443 --format json --output report.json',
        'a report to attach to a ticket',
      ],
      ['sidelight check --show-config', 'what would be used, and who says so'],
      ['sidelight check --replay report.json', "what today's catalogue says of a stored report"],
    ],
    notes: [sources, faults, 'Exit code: 0 accepted, 1 not accepted, 2 could not run.'],
  },
  run: {
    summary: 'Stay beside the delegate and report every change',
    examples: [
      ['sidelight run', "with what the delegate's own environment says"],
      ['sidelight run --config sidelight.json --log-file events.log', 'many targets, from a file'],
      [
        'sidelight run --home https://home:8470 --home-token-file token',
        'and report to a receiver',
      ],
    ],
    notes: [
      sources,
      faults,
      'SIGTERM ends it, SIGHUP opens files and configuration again, SIGUSR2 looks at once. It lowers its own priority, and ends itself when its memory stays above 256 MiB, or above nine tenths of what its control group allows. Exit code: 0 after SIGTERM, 2 could not run, 3 memory: start it anew.',
    ],
  },
  status: {
    summary: 'Ask the agent that runs here how it stands',
    examples: [
      ['sidelight status', 'targets, receivers, and the agent itself'],
      [
        'sidelight status --state-dir /var/lib/sidelight',
        'of the agent that keeps its state there',
      ],
      ['sidelight status --format json', 'for a program: see sidelight schema --of status'],
    ],
    notes: [
      'It asks through the socket agent.sock in the state directory, as the user that the agent runs as, or root. When nobody answers it reads that directory, and changes nothing in it. The directory is that of --state-dir, SIDELIGHT_STATE_DIR, the configuration file, or the usual one: the same that sidelight run takes in the same environment. An agent that can write to none cannot be asked.',
      'Exit code: 0 the agent runs, all its targets accept it, and all its receivers take reports; 1 something of it is not so; 2 it could not be told.',
    ],
  },
  'preflight client': {
    summary: "Judge a client's credential before it is rolled out",
    examples: [
      ['sidelight preflight client --cert client.crt --key client.key', 'all that files can tell'],
      [
        'sidelight preflight client --cert new.crt --key new.key --client-ca clients-ca.crt',
        'and whether the gateway has its CA',
      ],
      [
        'sidelight preflight client --cert new.crt --key new.key --current-cert old.crt --current-key old.key --against https://gateway:8443',
        'old and new, with the live gateway',
      ],
    ],
    notes: [preflightCodes],
  },
  'preflight gateway': {
    summary: "Judge a gateway's secret with real handshakes, before it is rolled out",
    examples: [
      [
        'sidelight preflight gateway --cert tls.crt --key tls.key --client-ca ca.crt --clients delegates',
        'will the delegates of today be accepted?',
      ],
    ],
    notes: [
      'The secret is loaded into a listener on loopback, and each sample client shakes hands with it over TLS 1.2 and 1.3. Of a sample without a key, the path alone is verified.',
      preflightCodes,
    ],
  },
  'preflight compare': {
    summary: 'Say what changed between two reports, and whether it broke something',
    examples: [
      ['sidelight preflight compare --before before.json --after after.json', 'of sidelight check'],
    ],
    notes: [preflightCodes],
  },
  'watch-rotation': {
    summary: 'Watch gateways through a rotation, and say at the end whether it broke something',
    examples: [
      [
        'sidelight watch-rotation https://gateway:8443 --for 8h --cert client.crt --key client.key',
        'a look before, then a fresh handshake every 30 seconds',
      ],
      [
        'sidelight watch-rotation https://192.0.2.7:8443 https://192.0.2.8:8443 --server-name gateway',
        'every replica by itself',
      ],
    ],
    notes: [
      'Start it before the rotation: the first look is what the others are compared with. What turns is told on standard error at once. SIGINT ends it with the verdict so far. Exit code: 0 good, 1 something broke, 2 could not run.',
      sources,
    ],
  },
  home: {
    summary: 'Receive reports and store them',
    examples: [
      ['sidelight home', 'on this machine only'],
      [
        'sidelight home --listen 0.0.0.0:8470 --cert home.crt --key home.key --token-file token',
        'for a fleet',
      ],
    ],
    notes: [
      'Each option can also be said by a variable: --listen is SIDELIGHT_LISTEN. Without a certificate it listens on loopback only. The sender file and the revocation list are read again when they change, and count for open connections too. Exit code: 0 after SIGTERM, 2 could not run.',
    ],
  },
  'home list': {
    summary: 'Print the stored reports, one a line, oldest first',
    examples: [
      ['sidelight home list --data /var/lib/sidelight/home', 'all that arrived there'],
      [
        'sidelight home list --since 2h --outcome rejected',
        'who was refused in the last two hours',
      ],
      ['sidelight home list --follow --limit 1', 'the latest one, and then what arrives'],
    ],
    notes: [],
  },
  'home probe-now': {
    summary: 'Have agents that are connected to a running home look at once',
    examples: [
      ['sidelight home probe-now --delegate eu-1', 'one delegate'],
      ['sidelight home probe-now --all', 'the fleet, after a change at the gateway'],
    ],
    notes: [
      'It reaches agents whose home is a wss:// URL. An agent heeds it at most once a minute and ten times an hour, whoever asks. Exit code: 0 somebody was asked, 1 nobody who is meant is connected, 2 could not run.',
    ],
  },
  bundle: {
    summary: 'Pack what support needs into one archive, without secrets',
    examples: [
      ['sidelight bundle', 'look, and pack the report with all that bears on it'],
      ['sidelight bundle --output - > bundle.tar.gz', 'where nothing can be written'],
      ['sidelight bundle --report report.json', 'an earlier report in place of a look'],
    ],
    notes: [
      'In it: the reports as JSON, text and a page; every setting with its origin; facts about system, container, user, time, resolver and proxies; what is remembered of earlier looks. Never in it: keys, passphrases, tokens, passwords, URL queries, the rest of the environment.',
      sources,
      'A configuration that cannot be used is packed with what is wrong with it. Exit code: 0 packed, 2 could not.',
    ],
  },
  show: {
    summary: 'Show a report or a bundle that somebody sent',
    examples: [
      ['sidelight show bundle.tar.gz', 'reports, history, configuration, environment'],
      ['sidelight show events.log --format json', 'what in a log is a report'],
      ['sidelight show report.json --format html --output report.html', 'a page for a browser'],
      ['sidelight show -', 'from standard input'],
    ],
    notes: [
      'Takes a report, reports one a line, or what sidelight bundle wrote, up to 64 MiB. Nothing in it is unpacked to disk. Exit code: 0 shown, 2 nothing in it to show.',
    ],
  },
  explain: {
    summary: 'Say what an alert or a cause means and what to do',
    examples: [
      ['sidelight explain 48', 'an alert by its number'],
      ['sidelight explain unknown_ca', 'or by its name'],
      ['sidelight explain client-certificate-expired', 'the code of a cause'],
    ],
    notes: [],
  },
  schema: {
    summary: 'Print the JSON Schema of the report',
    examples: [
      ['sidelight schema > report.schema.json', 'to check reports against'],
      ['sidelight schema --of status', 'of what sidelight status --format json prints'],
      ['sidelight schema --of incident', 'of what home tells others of an incident'],
    ],
    notes: [],
  },
  demo: {
    summary: 'Replay an incident on this machine: the gateway loses its client CA, and recovers',
    examples: [['sidelight demo', 'needs nothing beforehand']],
    notes: [
      'It writes its keys and its data into a directory of its own below TMPDIR, /tmp or /dev/shm, the first that can be written, and removes it at the end.',
    ],
  },
  completion: {
    summary: 'Print what a shell reads to complete command lines of sidelight',
    examples: [
      ['eval "$(sidelight completion bash)"', 'in ~/.bashrc'],
      ['source <(sidelight completion zsh)', 'in ~/.zshrc, after compinit'],
      ['sidelight completion fish | source', 'in config.fish'],
    ],
    notes: [],
  },
  man: {
    summary: 'Print the manual page',
    examples: [
      ['sidelight man | man -l -', 'to read it'],
      ['sidelight man > /usr/local/share/man/man1/sidelight.1', 'to keep it'],
    ],
    notes: [],
  },
  licenses: {
    summary: 'Print the licences of everything that the executable carries',
    examples: [['sidelight licenses > licenses.txt', 'all of them in one file']],
    notes: [],
  },
  version: {
    summary: 'Print the version',
    examples: [['sidelight version', 'which Sidelight, on which runtime']],
    notes: [],
  },
};
