/** From sources to a Config: precedence, defaults, targets, and what the delegate's environment says. */
import { expect, test } from 'vitest';
import { type OptionSpec, variableOf } from '../../src/config/option.ts';
import { type OptionName, optionNames, optionSpec } from '../../src/config/options.ts';
import { eventFormatNames } from '../../src/format/formats.ts';
import { spoolDefaults } from '../../src/sink/spool/limits.ts';
import { load, originOf, problemsOf, url } from './load.ts';

/** Four values of each kind that differ, so that the winner can be told. */
function valuesOf({ kind, choices = [] }: OptionSpec): readonly [string, string, string] {
  if (kind === 'choice') return [choices[0] ?? '', choices[1] ?? '', choices[0] ?? ''];
  if (kind === 'duration') return ['1s', '2s', '3s'];
  if (kind === 'proxy') return ['http://a:1', 'http://b:2', 'http://c:3'];
  if (kind === 'homeUrl') return ['https://a/', 'https://b/', 'https://c/'];
  if (kind === 'address') return ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  if (kind === 'urlPath') return ['/a', '/b', '/c'];
  if (kind === 'opensslList') return ['A', 'B', 'C'];
  if (kind === 'boolean') return ['true', 'false', 'true'];
  return ['a', 'b', 'c'];
}

const opensslValues: Partial<Record<OptionName, readonly [string, string, string]>> = {
  groups: ['X25519', 'P-256', 'P-384'],
  signatureAlgorithms: ['ed25519', 'ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256'],
  ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
};

/** A token, and an environment as well. */
const token = 'NAME=text';

/** Where only some values will do. */
const ownValues: Partial<Record<OptionName, readonly [string, string, string]>> = {
  ...opensslValues,
  otlp: ['http://a:4318/', 'https://b/', 'env'],
  syslog: ['udp://a', 'tcp://b:1', 'tls://c'],
  metrics: ['127.0.0.1:1', '[::1]:2', '3'],
  metricsTextfile: ['a.prom', 'b.prom', 'c.prom'],
  spoolBytes: ['1MiB', '100MB', '16GiB'],
  spoolAge: ['1m', '90d', '36h'],
  spoolReports: ['10', '1000000', '500'],
  spoolReportBytes: ['16KiB', '1MiB', '100kB'],
};

const shared = optionNames.filter((name) => optionSpec(name).file !== 'none');
const companions: Partial<Record<OptionName, Partial<Record<OptionName, string>>>> = {
  cert: { key: 'k' },
  key: { cert: 'k' },
  passphraseFile: { cert: 'k', key: 'k' },
  'home.tokenFile': { 'home.url': 'https://home/' },
  'home.proxy': { 'home.url': 'https://home/' },
};
/** Their contents are checked; see own-files. */
const checkedFiles: readonly OptionName[] = [
  ...(['home.ca', 'home.cert', 'home.key', 'syslogCa', 'syslogCert', 'syslogKey'] as const),
];

test.for(shared.filter((name) => !checkedFiles.includes(name)))(
  '%s: option before variable before target before file before default',
  (name) => {
    const option = optionSpec(name);
    const [first, second, third] = ownValues[name] ?? valuesOf(option);
    const raw = (text: string) => (option.kind === 'boolean' ? text === 'true' : text);
    const variable = variableOf(option) ?? '';
    const ofTarget = option.file === 'target';
    const setting = ofTarget ? `targets[0].${name}` : name;
    const key = name.replace(/^home\./, '');
    const top = name.startsWith('home.')
      ? { home: { url: 'https://home/', [key]: raw(third) } }
      : { [key]: raw(third) };
    const document = { ...top, targets: [{ url, ...(ofTarget && { [key]: raw(second) }) }] };
    const files = { 'a.json': JSON.stringify(document) };
    const withToken = { a: token, b: token, c: token, ...files };
    const base = { files: withToken, env: { SIDELIGHT_CONFIG: 'a.json' } };
    const others = companions[name] ?? {};
    const seen = (given: { options?: object; env?: object; file?: object }): string => {
      const text = JSON.stringify(given.file ?? document);
      const config = load({
        ...base,
        files: { ...withToken, 'a.json': text },
        options: { ...others, ...given.options },
        env: { ...base.env, ...given.env },
      });
      return originOf(config, setting);
    };
    const both = { options: { [name]: first }, env: { [variable]: second } };
    expect(seen(both)).toBe(`${first} < --${option.flag}`);
    expect(seen({ env: { [variable]: second } })).toBe(`${second} < ${variable}`);
    if (ofTarget) expect(seen({})).toBe(`${second} < a.json: targets[0].${key}`);
    const place = name.startsWith('home.') ? name : key;
    expect(seen({ file: { ...top, targets: [{ url }] } })).toBe(`${third} < a.json: ${place}`);
  },
);

const lookedFor = [
  ...['--cert', 'SIDELIGHT_CERT', 'a configuration file (none given)'],
  ...['DELEGATE_CLIENT_CERTIFICATE_PATH', 'HARNESS_CLIENT_CERT_FILE', '/etc/mtls/client.crt'],
];

test('what nobody says has its default, and the table of settings says so', () => {
  const config = load();
  expect(config).toMatchObject({
    timeoutMs: 10_000,
    intervalMs: 60_000,
    heartbeatMs: 300_000,
    format: 'text',
  });
  expect(config.targets).toEqual([
    {
      url: new URL(url),
      credential: { lookedFor },
      tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
    },
  ]);
  expect(config).not.toHaveProperty('stateDir');
  expect(config).not.toHaveProperty('home');
  expect(originOf(config, 'timeout')).toBe('10s < default');
  expect(originOf(config, 'targets[0].cert')).toBe(
    ' < not set; looked for DELEGATE_CLIENT_CERTIFICATE_PATH, HARNESS_CLIENT_CERT_FILE, /etc/mtls/client.crt',
  );
  expect(originOf(config, 'targets[0].key')).toBe(
    ' < not set; looked for DELEGATE_CLIENT_CERTIFICATE_KEY_PATH, HARNESS_CLIENT_KEY_FILE, /etc/mtls/client.key',
  );
  expect(originOf(config, 'targets[0].ca')).toBe(
    ' < not set; looked for HARNESS_CERTS_DIR, /opt/harness-delegate/ca-bundle',
  );
});

test('run writes JSON unless told otherwise', () => {
  expect(load({ command: 'run' }).format).toBe('json');
});

test.for([
  ['nothing', {}, { stdoutFormat: 'json' }],
  ['--format', { format: 'text' }, { stdoutFormat: 'text' }],
  ['--log-file', { logFile: 'a' }, { logFile: 'a', logFormat: 'json' }],
  ['--log-file --format', { logFile: 'a', format: 'cef' }, { logFile: 'a', logFormat: 'cef' }],
  [
    '--log-file --log-format',
    { logFile: 'a', logFormat: 'ecs' },
    { logFile: 'a', logFormat: 'ecs' },
  ],
  [
    '--log-file --log-format --format',
    { logFile: 'a', logFormat: 'ecs', format: 'text' },
    { logFile: 'a', logFormat: 'ecs', stdoutFormat: 'text' },
  ],
] as const)('with %s, events of run go where they should', ([, options, expected]) => {
  const { logFile, logFormat, stdoutFormat } = load({ command: 'run', options });
  expect(JSON.parse(JSON.stringify({ logFile, logFormat, stdoutFormat }))).toEqual(expected);
});

test('a format for a log file that there is not is a problem of run alone', () => {
  const given = { env: { SIDELIGHT_LOG_FORMAT: 'ecs' } };
  expect(problemsOf({ ...given, command: 'run' })).toEqual([
    'SIDELIGHT_LOG_FORMAT: stands without a log file (--log-file FILE)',
  ]);
  expect(problemsOf({ ...given, command: 'check' })).toEqual([]);
});

test('run writes no page', () => {
  const given = { command: 'run', options: { format: 'html' } } as const;
  expect(problemsOf(given)).toEqual([
    `--format: "html" is not among the choices (one of ${eventFormatNames.join(', ')})`,
  ]);
  expect(problemsOf({ options: { format: 'html' } })).toEqual([]);
});

test('every setting of check and run stands in the table exactly once', () => {
  const settings = load().origins.map(({ setting }) => setting.replace(/^targets\[0\]\./, ''));
  const names = optionNames.filter(
    (name) => (optionSpec(name).commands as readonly string[]).includes('run') || name === 'output',
  );
  const expected = [
    ...names.filter((name) => name !== 'showConfig'),
    'url',
    'delegate.name',
    'delegate.account',
    'delegate.proxyFile',
  ];
  expect(settings.toSorted()).toEqual(expected.toSorted());
});

test('nothing in the configuration can be changed', () => {
  const config = load();
  expect(Object.isFrozen(config.targets[0]?.tls.alpn)).toBe(true);
});

test('each target keeps its own settings', () => {
  const file = {
    cert: 'all.crt',
    key: 'all.key',
    targets: [
      { url: 'https://one' },
      { url: 'wss://two/stream', cert: 'two.crt', key: 'two.key', alpn: ['h2', 'http/1.1'] },
    ],
  };
  const { targets } = load({
    command: 'run',
    urls: [],
    options: { config: 'a.json' },
    files: { 'a.json': JSON.stringify(file) },
  });
  expect(
    targets.map(({ url: at, credential, tls }) => [at.href, credential.certPath, tls.alpn]),
  ).toEqual([
    ['https://one/', 'all.crt', ['http/1.1']],
    ['wss://two/stream', 'two.crt', ['h2', 'http/1.1']],
  ]);
});

test('a URL given by hand takes the settings of the same target in the file, and only of that', () => {
  const file = {
    targets: [
      { url: 'https://other', address: '10.0.0.9' },
      { url, address: '10.0.0.1' },
    ],
  };
  const config = load({ options: { config: 'a.json' }, files: { 'a.json': JSON.stringify(file) } });
  expect(config.targets.map(({ address }) => address)).toEqual(['10.0.0.1']);
});

test('SIDELIGHT_TARGETS names several, and arguments go before it', () => {
  const env = { SIDELIGHT_TARGETS: ' one:8443  wss://two/x ' };
  const hosts = (urls: readonly string[]) =>
    load({ command: 'run', urls, env }).targets.map(({ url: at }) => at.href);
  expect(hosts([])).toEqual(['https://one:8443/', 'wss://two/x']);
  expect(hosts(['three'])).toEqual(['https://three/']);
});

test("inside a delegate's container nothing needs to be said", () => {
  const config = load({
    urls: [],
    env: {
      MANAGER_HOST_AND_PORT: 'https://acme.example.io:8443/',
      ACCOUNT_ID: 'kmpy',
      DELEGATE_NAME: 'blue',
      DELEGATE_CLIENT_CERTIFICATE_PATH: '/etc/mtls/client.crt',
      DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: '/etc/mtls/client.key',
      PROXY_HOST: 'proxy.corp',
      PROXY_PORT: '3128',
      PROXY_USER: 'ann',
      PROXY_PASSWORD: 'hunter2',
      HOME: '/opt/harness-delegate',
    },
    uid: 1001,
  });
  expect(config.targets[0]?.url.href).toBe('https://acme.example.io:8443/api/account/kmpy/status');
  expect(config.targets[0]?.credential).toEqual({
    certPath: '/etc/mtls/client.crt',
    keyPath: '/etc/mtls/client.key',
  });
  expect(config.targets[0]?.proxy).toMatchObject({
    protocol: 'http',
    host: 'proxy.corp',
    port: 3128,
  });
  expect(config.delegate).toEqual({ name: 'blue', account: 'kmpy' });
  expect(config.stateDir).toBe('/opt/harness-delegate/.local/state/sidelight');
  expect(originOf(config, 'targets[0].url')).toMatch(/ < MANAGER_HOST_AND_PORT, ACCOUNT_ID$/);
  expect(originOf(config, 'targets[0].cert')).toMatch(/ < DELEGATE_CLIENT_CERTIFICATE_PATH$/);
  expect(originOf(config, 'targets[0].proxy')).toBe(
    'http://***@proxy.corp:3128 < PROXY_HOST, PROXY_PORT',
  );
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test.for([
  ['https://acme.io:8443', 'https://acme.io:8443/api/account/a%2Fb/status'],
  ['acme.io', 'https://acme.io/api/account/a%2Fb/status'],
  ['https://app.io/gratis/', 'https://app.io/gratis/api/account/a%2Fb/status'],
] as const)('the manager %s is asked for the status of the account', ([manager, expected]) => {
  const config = load({ urls: [], env: { MANAGER_HOST_AND_PORT: manager, ACCOUNT_ID: 'a/b' } });
  expect(config.targets[0]?.url.href).toBe(expected);
});

test('without an account the manager itself is asked', () => {
  const config = load({ urls: [], env: { MANAGER_HOST_AND_PORT: 'https://acme.io:8443/x' } });
  expect(config.targets[0]?.url.href).toBe('https://acme.io:8443/x');
});

const old = {
  DELEGATE_CLIENT_CERTIFICATE_PATH: '/o.crt',
  DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: '/o.key',
};
const recent = { HARNESS_CLIENT_CERT_FILE: '/n.crt', HARNESS_CLIENT_KEY_FILE: '/n.key' };
const mounted = { '/etc/mtls/client.crt': '', '/etc/mtls/client.key': '' };
const pairs: readonly [string, object, Record<string, string>, object][] = [
  ['the older names', { ...old, ...recent }, mounted, { certPath: '/o.crt', keyPath: '/o.key' }],
  ['the 3.x names', recent, mounted, { certPath: '/n.crt', keyPath: '/n.key' }],
  [
    'a certificate alone stands beside the usual key',
    { DELEGATE_CLIENT_CERTIFICATE_PATH: '/o.crt' },
    {},
    { certPath: '/o.crt', keyPath: '/etc/mtls/client.key' },
  ],
  [
    'the mounted files',
    {},
    mounted,
    { certPath: '/etc/mtls/client.crt', keyPath: '/etc/mtls/client.key' },
  ],
  [
    'half of the mounted files is a fault to report',
    {},
    { '/etc/mtls/client.crt': '' },
    { certPath: '/etc/mtls/client.crt', keyPath: '/etc/mtls/client.key' },
  ],
  ['nothing', {}, {}, { lookedFor }],
];

test.for(pairs)("the delegate's certificate: %s", ([, env, files, expected]) => {
  expect(load({ env: { ...env }, files }).targets[0]?.credential).toEqual(expected);
});

test('a certificate that is found nowhere was looked for in the configuration file, too', () => {
  const given = { options: { config: 'a.json' }, files: { 'a.json': '{}' } };
  expect(load(given).targets[0]?.credential.lookedFor).toContain('"cert" in a.json');
});

test('our certificate never goes with the key of the delegate', () => {
  const [problem] = problemsOf({ options: { cert: 'mine.crt' }, env: old });
  expect(problem).toBe(
    '--cert: is given without --key (--key FILE beside --cert; the same file where it holds both)',
  );
});

test('a credential file that does not exist is no problem here: it becomes evidence', () => {
  const options = { cert: 'gone.crt', key: 'gone.key', passphraseFile: 'gone', ca: 'gone.pem' };
  expect(load({ options }).targets[0]?.credential).toEqual({
    certPath: 'gone.crt',
    keyPath: 'gone.key',
    passphrasePath: 'gone',
    caPath: 'gone.pem',
  });
});

const environmentProxy = { PROXY_HOST: 'p', PROXY_PORT: '1' };

test('the proxy from which NO_PROXY exempts a host is kept, and none that was declined', () => {
  const env = { ...environmentProxy, NO_PROXY: 'example.com' };
  const [exempted] = load({ env }).targets;
  expect(exempted?.proxy).toBeUndefined();
  expect(exempted?.exemptedProxy?.host).toBe('p');
  expect(load({ env: environmentProxy }).targets[0]).not.toHaveProperty('exemptedProxy');
  expect(load({ env, options: { proxy: 'none' } }).targets[0]).not.toHaveProperty('exemptedProxy');
  const onLoopback = load({ env: environmentProxy, urls: ['https://localhost:8443/'] });
  expect(onLoopback.targets[0]).not.toHaveProperty('exemptedProxy');
});

test('experiments are made unless they are off', () => {
  expect(load().experiments).toBe(true);
  expect(load({ options: { experiments: 'off' } }).experiments).toBe(false);
  expect(load({ env: { SIDELIGHT_EXPERIMENTS: 'off' } }).experiments).toBe(false);
  expect(problemsOf({ options: { experiments: 'of' } })).toEqual([
    '--experiments: "of" is not among the choices (one of auto, off; did you mean off?)',
  ]);
});

test('--proxy goes before NO_PROXY, and none before the environment', () => {
  const env = { ...environmentProxy, NO_PROXY: 'example.com' };
  const proxyOf = (options: object) => load({ options, env }).targets[0]?.proxy?.host;
  expect(proxyOf({})).toBeUndefined();
  expect(proxyOf({ proxy: 'http://mine:2' })).toBe('mine');
  expect(
    load({ options: { proxy: 'none' }, env: environmentProxy }).targets[0]?.proxy,
  ).toBeUndefined();
});

test('PROXY_MANAGER=false speaks of the manager, not of other targets or home', () => {
  const env = {
    ...environmentProxy,
    PROXY_MANAGER: 'false',
    MANAGER_HOST_AND_PORT: 'https://gw.example.com:8443',
    SIDELIGHT_HOME: 'https://home.example.com',
  };
  const config = load({ command: 'run', urls: [url, 'https://else.example.com'], env });
  expect(config.targets.map(({ proxy }) => proxy?.host)).toEqual([undefined, 'p']);
  expect(config.homes[0]?.proxy?.host).toBe('p');
});

test.for([
  ['systemd says where', { STATE_DIRECTORY: '/run/a:/run/b', HOME: '/h' }, 0, '/run/a'],
  ['root', { HOME: '/root' }, 0, '/var/lib/sidelight'],
  ['XDG', { HOME: '/h', XDG_STATE_HOME: '/x' }, 7, '/x/sidelight'],
  [
    'a relative XDG directory is ignored',
    { HOME: '/h', XDG_STATE_HOME: 'x' },
    7,
    '/h/.local/state/sidelight',
  ],
  ['a user', { HOME: '/h' }, 7, '/h/.local/state/sidelight'],
  ['nobody', {}, 7, undefined],
  ['we say where', { SIDELIGHT_STATE_DIR: '/mine', STATE_DIRECTORY: '/run/a' }, 7, '/mine'],
] as const)('the state directory: %s', ([, env, uid, expected]) => {
  expect(load({ env, uid }).stateDir).toBe(expected);
});

test('secrets in URLs do not reach the table of settings', () => {
  const config = load({
    urls: ['https://gw/stream?token=hunter2#x'],
    options: { proxy: 'http://ann:hunter2@p:1', 'home.url': 'https://home/in?key=hunter2' },
  });
  expect(config.targets[0]?.url.search).toBe('?token=hunter2');
  expect(JSON.stringify(config.origins)).not.toContain('hunter2');
  expect(originOf(config, 'targets[0].url')).toBe('https://gw/stream?… < argument');
});

test('what may wait on the way home is as wide as it was, unless somebody says so', () => {
  expect(load({}).spool).toEqual({
    maxBytes: spoolDefaults.maxBytes,
    maxAgeMs: spoolDefaults.maxAgeMs,
    maxReports: spoolDefaults.maxReports,
    maxReportBytes: spoolDefaults.maxReportBytes,
  });
  const document = { spoolBytes: '8MiB', spoolAge: '7d', spoolReports: 500 };
  const files = { 'a.json': JSON.stringify(document) };
  const env = { SIDELIGHT_CONFIG: 'a.json', SIDELIGHT_SPOOL_REPORT_BYTES: '64KiB' };
  expect(load({ files, env, options: { spoolAge: '2h' } }).spool).toEqual({
    maxBytes: 8 * 1024 * 1024,
    maxAgeMs: 2 * 3_600_000,
    maxReports: 500,
    maxReportBytes: 64 * 1024,
  });
});

test.for([
  ['spoolBytes', '1023KiB', 'from 1MiB to 16GiB'],
  ['spoolBytes', '17GiB', 'from 1MiB to 16GiB'],
  ['spoolAge', '59s', 'from 1m to 90d'],
  ['spoolReports', '9', 'from 10 to 1000000'],
  ['spoolReportBytes', '2MiB', 'from 16KiB to 1MiB'],
] as const)('%s %s is out of range, and the range is said', ([name, text, expected]) => {
  const { flag } = optionSpec(name);
  expect(problemsOf({ options: { [name]: text } })).toEqual([
    `--${flag}: "${text}" is out of range (${expected})`,
  ]);
});
