/** Configuration by file, by environment and by words of a command line: a Config, or every problem in it, and nothing else. */
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { parseCommandLine } from '../../../src/cli/command-line.ts';
import { configText } from '../../../src/cli/show-config.ts';
import { findJsonFault } from '../../../src/config/json-fault.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { optionNames } from '../../../src/config/options.ts';
import { parseAssignments } from '../../../src/config/parse-assignments.ts';
import { decode, type FuzzTarget, hold, holdSafe } from '../target.ts';

type Given = Partial<Parameters<typeof loadConfig>[0]>;

function load(given: Given): void {
  try {
    const config = loadConfig({
      ...{ command: 'run', options: {}, urls: [], env: {}, exists: () => false },
      readFile: (path) => {
        throw Object.assign(new Error(path), { code: 'ENOENT' });
      },
      ...given,
    });
    hold(Object.isFrozen(config), 'a configuration can be changed');
    for (const line of configText(config).split('\n')) holdSafe(line, 'what --show-config prints');
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    holdSafe(error.problems, 'a problem');
  }
}

const file = {
  targets: [
    {
      url: 'https://gateway.example.com:8443/api',
      cert: '/etc/a.crt',
      key: '/etc/a.key',
      tlsMin: '1.3',
    },
    'wss://[::1]:9/stream',
  ],
  ...{ timeout: '3s', interval: '1m', proxy: 'http://user:pass@proxy:3128', format: 'ecs' },
  home: { url: 'https://home:8470/', tokenFile: '/etc/token' },
};

export const configFile: FuzzTarget = {
  syntax: 'json',
  seeds: [file, { ...file, targets: [] }, {}].map((each) =>
    Buffer.from(JSON.stringify(each, null, 1)),
  ),
  words: [
    ...optionNames,
    '"',
    '{"',
    '[]',
    'null',
    '1e999',
    '__proto__',
    '\\u0000',
    'https://',
    '10ms',
    ',',
  ],
  maxMs: 2_000,
  run: (input) => {
    const text = decode(input);
    findJsonFault(text);
    load({ options: { config: ['c.json'] }, readFile: () => text });
  },
};

const environment = [
  'MANAGER_HOST_AND_PORT=https://app.example.com',
  'DELEGATE_CLIENT_CERTIFICATE_PATH=/etc/mtls/client.crt',
  'DELEGATE_CLIENT_CERTIFICATE_KEY_PATH=/etc/mtls/client.key',
  'HTTPS_PROXY=http://user:secret@proxy:3128',
  'NO_PROXY=localhost,.example.com,10.0.0.0/8,[::1]',
  "JAVA_OPTS=-Djavax.net.ssl.trustStore=/x.jks -Dhttps.proxyHost=p '-Dhttp.nonProxyHosts=*.a|b'",
  'PROXY_HOST=proxy',
  'PROXY_PORT=3128',
  'ACCOUNT_ID=abc',
  'DELEGATE_NAME="d"',
  'SIDELIGHT_TIMEOUT=5s',
  'SIDELIGHT_TARGETS=https://a https://b:1',
  'SIDELIGHT_TLS_MAX=1.2',
];

export const configEnvironment: FuzzTarget = {
  seeds: [Buffer.from(environment.join('\n')), ...environment.map((line) => Buffer.from(line))],
  words: [
    'SIDELIGHT_',
    'https://',
    '\n',
    '=',
    '"',
    "'",
    '-D',
    '%00',
    '@',
    ...environment.map((line) => `${line.split('=')[0]}=`),
  ],
  maxMs: 2_000,
  run: (input) => load({ env: Object.fromEntries(parseAssignments(decode(input))) }),
};

const commandLines = [
  [
    'check',
    'https://gateway:8443',
    '--cert',
    'a.crt',
    '--key=a.key',
    '--timeout',
    '1s',
    '--format',
    'json',
  ],
  ['run', '--home', 'https://home', '--home-token-file', 't', '--interval', '10s', 'gw:1', 'gw:2'],
  ['preflight', 'client', '--cert', 'a', '--key', 'b', '--against', 'https://gw'],
  ['home', '--listen', '[::1]:8470', '--data', '/tmp/x', '--help'],
  ['explain', '48'],
];

/** Words are separated by a zero octet, as in /proc/PID/cmdline. */
export const commandLine: FuzzTarget = {
  seeds: commandLines.map((words) => Buffer.from(words.join('\0'))),
  words: ['\0', '\0--', '=', '--', '-', ...optionNames.map((name) => `--${name}`), '\u202e'],
  // Tens of thousands of targets fit in there.
  maxMs: 2_000,
  run: (input) => {
    const line = parseCommandLine(decode(input).split('\0'));
    holdSafe(line.problems, 'a problem of the command line');
    if (line.wants === undefined && (line.command === 'check' || line.command === 'run')) {
      load({
        command: line.command,
        options: line.options,
        urls: line.args,
        problems: line.problems,
      });
    }
  },
};
