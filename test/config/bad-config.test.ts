/** Bad configurations against the exact words they are answered with. */
import { expect, test } from 'vitest';
import { formatNames } from '../../src/format/formats.ts';
import { errno, type Given, load, problemsOf } from './load.ts';

const file = (document: unknown): Given => ({
  urls: [],
  options: { config: 'a.json' },
  files: { 'a.json': typeof document === 'string' ? document : JSON.stringify(document) },
});
const targets = [{ url: 'https://gw' }];
const home = { 'home.url': 'https://home' };
const delegateEnvironment =
  'a readable file of NAME=value lines, or /proc/PID/environ of a process of the same user';
const duration = 'a number with a unit, such as 500ms, 10s, 5m or 1h';
const targetUrl = 'https://HOST[:PORT][/PATH] or wss://HOST[:PORT]/PATH';
const proxyUrl = 'http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ if needed; or none';
const homeUrl =
  'https://HOST[:PORT][/PATH] or wss://HOST[:PORT]/PATH; http:// only to this machine';

const table: readonly [title: string, given: Given, expected: string][] = [
  [
    'a URL with a space',
    { urls: ['https://g w'] },
    `argument: "https://g w" is no URL (${targetUrl})`,
  ],
  ['a URL without a host', { urls: ['https://'] }, `argument: "https://" is no URL (${targetUrl})`],
  [
    'a URL whose scheme is garbled',
    { urls: ['ht!tp://gw'] },
    `argument: "ht!tp://gw" is no URL (${targetUrl})`,
  ],
  [
    'a URL whose scheme lacks a slash',
    { urls: ['https:/gw'] },
    `argument: "https:/gw" is no URL (${targetUrl})`,
  ],
  [
    'a URL whose scheme lacks its colon',
    { urls: ['https//gw'] },
    `argument: "https//gw" is no URL (${targetUrl})`,
  ],
  [
    'a URL with a bad port',
    { urls: ['https://gw:99999'] },
    `argument: "https://gw:99999" is no URL (${targetUrl})`,
  ],
  [
    'a URL that speaks no TLS',
    { urls: ['http://gw/x?t=hunter2'] },
    `argument: "http://gw/x?…" speaks no TLS: its scheme is http (${targetUrl})`,
  ],
  [
    'a URL with a password',
    { urls: ['https://ann:hunter2@gw'] },
    `argument: "https://***@gw" holds a user or password, which is never sent (${targetUrl})`,
  ],
  [
    'URLs whose password has a space',
    { urls: [], command: 'run', env: { SIDELIGHT_TARGETS: 'https://ann:hunter2 hunter3@gw' } },
    `SIDELIGHT_TARGETS: holds a user or password, which is never sent (30 characters, not shown) (${targetUrl})`,
  ],
  [
    'a URL whose password looks like a port and a path',
    { urls: ['https://ann:80/hunter2@gw'] },
    `argument: "https://***@gw" holds a user or password, which is never sent (${targetUrl}; an @ outside of the query is written %40)`,
  ],
  [
    'a URL whose password looks like a query',
    { urls: ['https://hunter2?x@gw'] },
    `argument: "https://***@?…" holds a user or password, which is never sent (${targetUrl}; an @ outside of the query is written %40)`,
  ],
  [
    'a proxy without a host',
    { options: { proxy: 'ann:hunter2' } },
    `--proxy: "ann:…" is no HTTP proxy (${proxyUrl})`,
  ],
  ['an empty URL', { urls: [''] }, `argument: is empty (${targetUrl})`],
  [
    'a URL in a variable',
    { urls: [], env: { SIDELIGHT_TARGETS: 'ftp://gw' } },
    `SIDELIGHT_TARGETS: "ftp://gw" speaks no TLS: its scheme is ftp (${targetUrl})`,
  ],
  [
    'a manager that is no URL',
    { urls: [], env: { MANAGER_HOST_AND_PORT: 'https://a b' } },
    `MANAGER_HOST_AND_PORT: "https://a b" is no URL (${targetUrl})`,
  ],
  [
    'no target anywhere',
    { urls: [] },
    "target: no target is named; looked at the arguments (none), SIDELIGHT_TARGETS (not set), a configuration file (none given by --config), and for MANAGER_HOST_AND_PORT or URL beside ACCOUNT_ID (not set) in the environment; the delegate's, where it is another, can be given by --delegate-env (the gateway's URL, such as: sidelight check https://gateway.example.com:8443)",
  ],
  [
    'no target in the file either',
    { ...file({}), command: 'run' },
    'target: no target is named; looked at the arguments (none), SIDELIGHT_TARGETS (not set), "targets" in a.json (none), and for MANAGER_HOST_AND_PORT or URL beside ACCOUNT_ID (not set) in the environment; the delegate\'s, where it is another, can be given by --delegate-env (the gateway\'s URL, such as: sidelight run https://gateway.example.com:8443)',
  ],
  [
    "no target in the delegate's file either",
    { urls: [], options: { delegateEnv: 'd.env' }, files: { 'd.env': 'ACCOUNT_ID=a' } },
    "target: no target is named; looked at the arguments (none), SIDELIGHT_TARGETS (not set), a configuration file (none given by --config), and for MANAGER_HOST_AND_PORT or URL beside ACCOUNT_ID (not set) in d.env and the environment (the gateway's URL, such as: sidelight check https://gateway.example.com:8443)",
  ],
  [
    "a delegate's environment that is not there",
    { options: { delegateEnv: '/proc/7/environ' } },
    `--delegate-env: cannot read "/proc/7/environ" (ENOENT) (${delegateEnvironment})`,
  ],
  [
    "a delegate's environment that is none",
    { options: { delegateEnv: 'd.env' }, files: { 'd.env': 'nothing' } },
    `--delegate-env: "d.env" assigns nothing (${delegateEnvironment})`,
  ],
  [
    'two targets for check',
    { urls: [], env: { SIDELIGHT_TARGETS: 'a b' } },
    'target: check looks at one target, and 2 are named (one URL as argument; run watches many)',
  ],
  [
    'a number that is no span',
    { options: { timeout: '10' } },
    `--timeout: "10" is no span of time (${duration})`,
  ],
  [
    'a span of nothing',
    { options: { timeout: '0s' } },
    '--timeout: "0s" is out of range (from 1ms to 1h)',
  ],
  [
    'a negative span',
    { options: { interval: '-5s' } },
    `--interval: "-5s" is no span of time (${duration})`,
  ],
  [
    'a span for ever',
    { env: { SIDELIGHT_HEARTBEAT: '8d' } },
    'SIDELIGHT_HEARTBEAT: "8d" is out of range (from 100ms to 7d)',
  ],
  [
    'a choice that is none',
    { options: { format: 'jsn' } },
    `--format: "jsn" is not among the choices (one of ${formatNames.join(', ')}; did you mean json?)`,
  ],
  [
    'a version that is none',
    { options: { tlsMin: '1.1' } },
    '--tls-min: "1.1" is not among the choices (one of 1.2, 1.3; did you mean 1.2?)',
  ],
  [
    'versions the wrong way round',
    { options: { tlsMin: '1.3', tlsMax: '1.2' } },
    '--tls-min: the lowest version, 1.3, is above the highest, 1.2 (--tls-min at most --tls-max)',
  ],
  [
    'an address that is a name',
    { options: { address: 'gw.example.com' } },
    '--address: "gw.example.com" is no IP address (an IPv4 or IPv6 address)',
  ],
  [
    'an address out of range',
    { options: { address: '10.0.0.256' } },
    '--address: "10.0.0.256" is no IP address (an IPv4 or IPv6 address)',
  ],
  [
    'a server name that is an address',
    { options: { serverName: '10.0.0.1' } },
    '--server-name: "10.0.0.1" is an address, which TLS never sends as server name (a host name; for the address to dial, use --address)',
  ],
  [
    'a server name that is a URL',
    { options: { serverName: 'https://gw' } },
    '--server-name: "https://gw" is no host name (a host name)',
  ],
  [
    'a proxy of another kind',
    { options: { proxy: 'socks5://ann:hunter2@p' } },
    `--proxy: "socks5://***@p" is no HTTP proxy (${proxyUrl})`,
  ],
  [
    "a proxy's path",
    { options: { proxy: 'http://p/x' } },
    `--proxy: "http://p/x" is no HTTP proxy (${proxyUrl})`,
  ],
  [
    "the delegate's proxy port",
    { env: { PROXY_HOST: 'p', PROXY_PORT: 'x' } },
    'PROXY_PORT: is no port (1 character, not shown) (a number from 1 to 65535)',
  ],
  [
    'an empty protocol',
    { options: { alpn: 'h2,,http/1.1' } },
    '--alpn: has an empty name in the list (names without spaces, none of them empty)',
  ],
  [
    'a group that OpenSSL lacks',
    { options: { groups: 'X25519:P-257' } },
    '--groups: OpenSSL does not take "P-257" (names as OpenSSL spells them, such as X25519:P-256)',
  ],
  ['a cipher suite that OpenSSL lacks', { options: { ciphers: 'HIGH:!aNULL:NOPE' } }, ''],
  [
    'no cipher suite left',
    { options: { ciphers: 'NOPE' } },
    '--ciphers: OpenSSL does not take "NOPE" (names as OpenSSL spells them, such as TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256)',
  ],
  [
    'a signature algorithm that OpenSSL lacks',
    { options: { signatureAlgorithms: 'md4' } },
    '--signature-algorithms: OpenSSL does not take "md4" (names as OpenSSL spells them, such as ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256)',
  ],
  [
    'a relative path to upgrade',
    { options: { websocket: 'stream' } },
    '--websocket: "stream" is no path (a path that begins with /)',
  ],
  [
    'two paths to upgrade',
    { urls: ['wss://gw/a'], options: { websocket: '/b' } },
    '--websocket: names a path to upgrade, and so does the wss:// URL (one of them: https:// with --websocket, or wss:// without)',
  ],
  [
    'a key alone',
    { options: { key: 'a.key' } },
    '--key: is given without --cert (--cert FILE beside --key; the same file where it holds both)',
  ],
  [
    'a passphrase alone',
    { env: { SIDELIGHT_PASSPHRASE_FILE: 'p' } },
    'SIDELIGHT_PASSPHRASE_FILE: is given without a private key (--cert FILE and --key FILE beside it)',
  ],
  [
    'a variable that is neither true nor false',
    { env: { SIDELIGHT_VERBOSE: 'maybe' } },
    'SIDELIGHT_VERBOSE: "maybe" is neither true nor false (true or false)',
  ],
  [
    'a mistyped variable',
    { env: { SIDELIGHT_TIMOUT: '1s' } },
    'SIDELIGHT_TIMOUT: is an unknown variable (did you mean SIDELIGHT_TIMEOUT?)',
  ],
  [
    "another program's variable",
    {
      env: {
        SIDELIGHT_HOME_SERVICE_HOST: '10.0.0.1',
        SIDELIGHT_HOME_PORT: 'tcp://x',
        SIDELIGHT_IMAGE: 'x',
      },
    },
    '',
  ],
  [
    'home in clear',
    { options: { 'home.url': 'http://home.example.com' } },
    `--home: "http://home.example.com" would carry reports in clear over a network (${homeUrl})`,
  ],
  [
    'home with a password',
    { options: { 'home.url': 'https://ann:hunter2@home' } },
    `--home: "https://***@home" holds a user or password, which is never sent (${homeUrl}; a token goes into --home-token-file)`,
  ],
  [
    'a token without a home',
    { options: { 'home.tokenFile': 't' }, files: { t: 'token' } },
    '--home-token-file: is given without a home (--home URL, SIDELIGHT_HOME or home.url beside it)',
  ],
  [
    'a token file that is missing',
    { options: { ...home, 'home.tokenFile': 't' } },
    '--home-token-file: cannot read "t" (ENOENT) (a readable file with one token in printable ASCII)',
  ],
  [
    'a token file that may not be read',
    { options: { ...home, 'home.tokenFile': 't' }, files: { t: errno('EACCES') } },
    '--home-token-file: cannot read "t" (EACCES) (a readable file with one token in printable ASCII)',
  ],
  [
    'an empty token file',
    { options: { ...home, 'home.tokenFile': 't' }, files: { t: ' \n' } },
    '--home-token-file: "t" is empty (a readable file with one token in printable ASCII)',
  ],
  [
    'two tokens',
    { options: { ...home, 'home.tokenFile': 't' }, files: { t: 'hunter2\nx' } },
    '--home-token-file: "t" holds more than one token (a readable file with one token in printable ASCII)',
  ],
  [
    'anchors for home that are none',
    { options: { ...home, 'home.ca': 'c' }, files: { c: 'hello' } },
    '--home-ca: "c" holds no PEM certificate (a readable file with PEM certificates (BEGIN CERTIFICATE))',
  ],
  [
    'anchors for home that do not decode',
    {
      options: { ...home, 'home.ca': 'c' },
      files: { c: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    },
    '--home-ca: "c" holds a certificate that does not decode (a readable file with PEM certificates (BEGIN CERTIFICATE))',
  ],
  [
    "home's certificate alone",
    {
      options: { ...home, 'home.key': 'k' },
      files: { k: '-----BEGIN ENCRYPTED PRIVATE KEY-----' },
    },
    '--home-key: is given without --home-cert (--home-cert FILE beside --home-key; the same file where it holds both)\n--home-key: "k" is encrypted (a readable file with one unencrypted PEM private key (BEGIN PRIVATE KEY))',
  ],
  [
    'a configuration file that is missing',
    { options: { config: 'a.json' } },
    '--config: cannot read "a.json" (ENOENT) (a readable JSON file)',
  ],
  [
    'a configuration file named by a variable',
    { env: { SIDELIGHT_CONFIG: 'a.json' }, files: { 'a.json': errno('EISDIR') } },
    'SIDELIGHT_CONFIG: cannot read "a.json" (EISDIR) (a readable JSON file)',
  ],
  [
    'no JSON',
    file('{\n  "timeout": 10s\n}'),
    'a.json: line 2, column 16: is no JSON from here on (a comma or })',
  ],
  [
    'a trailing comma',
    file('{ "targets": [], }'),
    'a.json: line 1, column 18: is no JSON from here on (a key in double quotes)',
  ],
  ['an empty file', file(''), 'a.json: line 1, column 1: is no JSON from here on (a value)'],
  [
    'JSON of another shape',
    file('[]'),
    'a.json: holds a list (an object, such as { "targets": [ { "url": "https://gateway:8443" } ] })',
  ],
  [
    'an unknown key',
    file({ targets, timout: '1s' }),
    'a.json: timout: is an unknown key (did you mean "timeout"?)',
  ],
  [
    'an unknown key of a target',
    file({ targets: [{ url: 'https://gw', cret: 'x' }] }),
    'a.json: targets[0].cret: is an unknown key (did you mean "cert"?)',
  ],
  [
    "an option's name where its key is expected",
    file({ targets, 'tls-min': '1.2' }),
    'a.json: tls-min: is an unknown key (did you mean "tlsMin"?)',
  ],
  [
    'a key at the wrong place',
    file({ targets: [{ url: 'https://gw', interval: '1s' }] }),
    'a.json: targets[0].interval: is an unknown key (it belongs at the top of the file)',
  ],
  [
    'an unknown key of home',
    file({ targets, home: { url: 'https://home', token: 'hunter2' } }),
    'a.json: home.token: is an unknown key (one of url, tokenFile, ca, cert, key, address, proxy)',
  ],
  ['a dangerous key', file('{"targets":[{"url":"https://gw"}],"__proto__":{"cert":"x"}}'), ''],
  [
    'a target without a URL',
    file({ targets: [{}] }),
    'a.json: targets[0].url: is missing (https://HOST[:PORT][/PATH])',
  ],
  [
    'a target that is text',
    file({ targets: ['https://gw'] }),
    'a.json: targets[0]: is a string (an object with "url")',
  ],
  [
    'targets that are one',
    file({ targets: { url: 'https://gw' } }),
    'a.json: targets: is an object (a list, such as [ { "url": "https://gateway:8443" } ])',
  ],
  [
    'a number where text is expected',
    file({ targets, timeout: 10 }),
    `a.json: timeout: is a number (${duration})`,
  ],
  [
    'a list with a number',
    file({ targets, alpn: ['h2', 1] }),
    'a.json: alpn: is a list (names separated by commas)',
  ],
  [
    'a bad value in a target',
    file({ targets: [{ url: 'https://gw', address: 'x' }] }),
    'a.json: targets[0].address: "x" is no IP address (an IPv4 or IPv6 address)',
  ],
];

/** The one case whose message is long. */
const dangerous = 'a.json: __proto__: is an unknown key';

test.for(table)('%s', ([title, given, expected]) => {
  const problems = problemsOf(given).join('\n');
  if (title === 'a dangerous key') expect(problems).toContain(dangerous);
  else expect(problems).toBe(expected);
});

test('every problem is told at once, and one wrong option once for all targets', () => {
  const problems = problemsOf({
    command: 'run',
    urls: ['https://a', 'nonsense url', 'https://b'],
    options: { timeout: 'soon', proxy: 'ftp://p', tlsMin: '9' },
    env: { SIDELIGHT_FORMAT: 'xml' },
    problems: [{ where: '--bogus', what: 'is an unknown option', expected: 'see --help' }],
  });
  expect(problems.map((text) => text.replace(/: .*/, ''))).toEqual([
    '--bogus',
    'argument',
    '--proxy',
    '--tls-min',
    '--timeout',
    'SIDELIGHT_FORMAT',
  ]);
});

test('an overridden value is no problem', () => {
  const { timeoutMs } = load({ options: { timeout: '1s' }, env: { SIDELIGHT_TIMEOUT: 'soon' } });
  expect(timeoutMs).toBe(1000);
});

test('control characters in what was given do not reach the terminal', () => {
  expect(problemsOf({ options: { timeout: '\u001b[31m' } }).join()).toContain('"\\u001b[31m"');
});
