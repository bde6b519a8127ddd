/** What the delegate says, wherever it says it: our environment, a file, its proxy files; by its older and its 3.x names. */
import { expect, test } from 'vitest';
import { errno, load, originOf, url } from './load.ts';

const manager = { MANAGER_HOST_AND_PORT: 'https://acme.example.io:8443', ACCOUNT_ID: 'kmpy' };
const lines = (assignments: object): string =>
  Object.entries(assignments)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

test('a 3.x delegate is found by its own names', () => {
  const config = load({
    urls: [],
    env: {
      ACCOUNT_ID: 'kmpy',
      URL: 'https://acme.example.io',
      NAME: 'blue',
      TOKEN: 'hunter2',
      HARNESS_CLIENT_CERT_FILE: '/n.crt',
      HARNESS_CLIENT_KEY_FILE: '/n.key',
      HARNESS_CERTS_DIR: '/certs',
    },
  });
  expect(originOf(config, 'targets[0].url')).toBe(
    'https://acme.example.io/api/account/kmpy/status < URL, ACCOUNT_ID',
  );
  expect(originOf(config, 'delegate.name')).toBe('blue < NAME');
  expect(originOf(config, 'targets[0].cert')).toBe('/n.crt < HARNESS_CLIENT_CERT_FILE');
  expect(originOf(config, 'targets[0].ca')).toBe('/certs < HARNESS_CERTS_DIR');
  expect(config.targets[0]?.credential.extraCaPath).toBe('/certs');
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test('URL and NAME mean nothing without an account, and less than the older names', () => {
  const config = load({ env: { URL: 'https://other', NAME: 'desk' } });
  expect(config.delegate).toEqual({});
  expect(config.targets[0]?.url.href).toBe(url);
  const both = load({ urls: [], env: { ...manager, URL: 'https://other', NAME: 'x' } });
  expect(both.targets[0]?.url.host).toBe('acme.example.io:8443');
});

test("the delegate's environment comes from a file where it is not ours, and goes before ours", () => {
  const config = load({
    urls: [],
    options: { delegateEnv: '/etc/delegate.env' },
    env: { ACCOUNT_ID: 'ours', HOME: '/home/us' },
    files: {
      '/etc/delegate.env': lines({
        ...manager,
        DELEGATE_NAME: "'blue one'",
        DELEGATE_TOKEN: 'hunter2',
        DELEGATE_CLIENT_CERTIFICATE_PATH: '/c.crt',
        PROXY_HOST: 'proxy.corp',
        PROXY_PORT: '3128',
        HOME: '/opt/harness-delegate',
        SIDELIGHT_TIMEOUT: '1s',
      }),
    },
  });
  const from = 'in /etc/delegate.env';
  expect(originOf(config, 'targets[0].url')).toBe(
    `https://acme.example.io:8443/api/account/kmpy/status < MANAGER_HOST_AND_PORT, ACCOUNT_ID ${from}`,
  );
  expect(originOf(config, 'delegate.name')).toBe(`blue one < DELEGATE_NAME ${from}`);
  expect(originOf(config, 'targets[0].cert')).toBe(
    `/c.crt < DELEGATE_CLIENT_CERTIFICATE_PATH ${from}`,
  );
  expect(originOf(config, 'targets[0].proxy')).toBe(
    `http://proxy.corp:3128 < PROXY_HOST, PROXY_PORT ${from}`,
  );
  // What is ours stays ours.
  expect(config.stateDir).toBe('/home/us/.local/state/sidelight');
  expect(originOf(config, 'timeout')).toBe('10s < default');
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test('the environment of a process is read as proc(5) writes it', () => {
  const config = load({
    urls: [],
    options: { delegateEnv: '/proc/7/environ' },
    files: { '/proc/7/environ': lines(manager).replaceAll('\n', '\0') },
  });
  expect(config.delegate.account).toBe('kmpy');
});

const proxyFile =
  "PROXY_HOST='p.file'\nPROXY_PORT='1'\nPROXY_USER='ann'\nPROXY_PASSWORD='it'\\''s'\n";
const found = 'found where the delegate looks';
const places: readonly [string, Record<string, string>, Record<string, string>, string][] = [
  ['the mounted one', {}, { '/run/secrets/proxy.config': proxyFile }, found],
  [
    'the one in the working directory',
    {},
    { '/opt/harness-delegate/proxy.config': proxyFile },
    found,
  ],
  [
    'the one in a working directory that has moved',
    { WORKING_DIR: '/work' },
    { '/work/proxy.config': proxyFile },
    found,
  ],
  [
    'the one that is named',
    { PROXY_CONFIG_FILE: '/p' },
    { '/p': proxyFile, '/run/secrets/proxy.config': 'PROXY_HOST=other' },
    'PROXY_CONFIG_FILE',
  ],
  [
    'the mounted one when the one that is named is not there',
    { PROXY_CONFIG_FILE: '/p' },
    { '/run/secrets/proxy.config': proxyFile },
    found,
  ],
];

test.for(places)('a proxy file goes before the environment: %s', ([, env, files, origin]) => {
  const config = load({ env: { ...manager, PROXY_HOST: 'p.env', ...env }, files });
  const proxy = config.targets[0]?.proxy;
  expect(proxy).toMatchObject({ host: 'p.file', port: 1 });
  expect(proxy?.userinfo?.reveal()).toBe("ann:it's");
  const path = Object.keys(files)[0] ?? '';
  expect(originOf(config, 'targets[0].proxy')).toBe(
    `http://***@p.file:1 < PROXY_HOST, PROXY_PORT in ${path}`,
  );
  expect(originOf(config, 'delegate.proxyFile')).toBe(`${path} < ${origin}`);
  expect(JSON.stringify(config)).not.toContain("it's");
});

test('a proxy file that names none takes the proxy of the environment away', () => {
  const files = { '/run/secrets/proxy.config': "PROXY_HOST=''\nNO_PROXY=''\n" };
  const config = load({ env: { ...manager, PROXY_HOST: 'p.env' }, files });
  expect(config.targets[0]?.proxy).toBeUndefined();
});

test('the bypass rules of a proxy file count, and are named with it', () => {
  const path = '/run/secrets/proxy.config';
  const files = { [path]: `${proxyFile}PROXY_MANAGER='false'\n` };
  const config = load({ urls: [], env: manager, files });
  expect(config.targets[0]?.proxy).toBeUndefined();
  expect(config.targets[0]?.exemptedProxy?.host).toBe('p.file');
  expect(originOf(config, 'targets[0].proxy')).toContain('PROXY_MANAGER=false');
});

test('a fault in a proxy file is told with the file', () => {
  const files = { '/run/secrets/proxy.config': 'PROXY_HOST=p\nPROXY_PORT=many\n' };
  expect(() => load({ env: manager, files })).toThrow(
    'PROXY_PORT in /run/secrets/proxy.config: is no port (4 characters, not shown)',
  );
});

test('a proxy file that cannot be read stops nothing, and the table says so', () => {
  const files = { '/run/secrets/proxy.config': errno('EACCES') };
  const config = load({ env: { ...manager, PROXY_HOST: 'p.env' }, files });
  expect(config.targets[0]?.proxy?.host).toBe('p.env');
  expect(originOf(config, 'delegate.proxyFile')).toBe(
    `/run/secrets/proxy.config < ${found}; not used, for it cannot be read (EACCES)`,
  );
});

test('without a delegate nobody looks for its proxy file', () => {
  const config = load({ files: { '/run/secrets/proxy.config': proxyFile } });
  expect(config.targets[0]?.proxy).toBeUndefined();
  expect(originOf(config, 'delegate.proxyFile')).toContain('nothing speaks of a delegate');
  expect(originOf(load({ env: manager }), 'delegate.proxyFile')).toBe(
    ' < not found: looked at /run/secrets/proxy.config, /opt/harness-delegate/proxy.config',
  );
});

/** A 3.x delegate as it names itself; each of the last three speaks of one beside the account. */
const recent = {
  ACCOUNT_ID: 'ACC',
  URL: 'https://gateway.example:18443',
  NAME: 'green',
  TOKEN: 't',
};

test.for(['URL', 'NAME', 'TOKEN'] as const)(
  'beside an account, %s speaks of a 3.x delegate',
  (name) => {
    const files = { '/opt/harness-delegate/proxy.config': proxyFile };
    const proxyOf = (env: Record<string, string>) => load({ env, files }).targets[0]?.proxy?.host;
    expect(proxyOf({ ACCOUNT_ID: 'ACC', [name]: recent[name] })).toBe('p.file');
    expect(proxyOf({ [name]: recent[name] })).toBeUndefined();
    const delegateEnv = { options: { delegateEnv: 'config.env' }, files: { ...files } };
    const given = lines({ ACCOUNT_ID: 'ACC', [name]: recent[name] });
    const config = load({ ...delegateEnv, files: { ...files, 'config.env': given } });
    expect(config.targets[0]?.proxy?.host).toBe('p.file');
    expect(config.targets[0]?.delegate).toEqual({});
  },
);

test('a 3.x delegate has its proxy from the file that it names', () => {
  const env = { ...recent, PROXY_CONFIG_FILE: '/p' };
  const config = load({ urls: [], env, files: { '/p': proxyFile } });
  expect(originOf(config, 'delegate.proxyFile')).toBe('/p < PROXY_CONFIG_FILE');
  expect(config.targets[0]?.proxy?.host).toBe('p.file');
});

test("a file with a delegate's environment speaks of one, whatever is in it", () => {
  const files = { 'd.env': 'JAVA_HOME=/j\n', '/run/secrets/proxy.config': proxyFile };
  const config = load({ options: { delegateEnv: 'd.env' }, files });
  expect(config.targets[0]?.proxy?.host).toBe('p.file');
});

test.for([
  [{}, 'NO_PROXY=example.com\n', 'NO_PROXY in F exempts gw.example.com by its entry "example.com"'],
  [
    { NO_PROXY: 'example.com' },
    'NO_PROXY=.com\n',
    'NO_PROXY in F exempts gw.example.com by its entry ".com"',
  ],
  [{ NO_PROXY: 'example.com' }, '', 'NO_PROXY exempts gw.example.com by its entry "example.com"'],
  [{}, 'PROXY_MANAGER=false\n', 'PROXY_MANAGER=false in F exempts the manager'],
  [{ PROXY_MANAGER: 'false' }, '', 'PROXY_MANAGER=false exempts the manager'],
] as const)('what exempts from the proxy is named with its file: %o, %j', ([env, inFile, said]) => {
  const path = '/run/secrets/proxy.config';
  const sign = { DELEGATE_NAME: 'blue', ...env };
  const config = load({ env: sign, files: { [path]: `${proxyFile}${inFile}` } });
  expect(originOf(config, 'targets[0].proxy')).toBe(`none < ${said.replace('F', path)}`);
});

test('variables that stand in different places are each named with theirs', () => {
  const files = { '/run/secrets/proxy.config': 'PROXY_HOST=p.file\n' };
  const env = { ...manager, PROXY_PORT: '7' };
  expect(originOf(load({ env, files }), 'targets[0].proxy')).toBe(
    'http://p.file:7 < PROXY_HOST in /run/secrets/proxy.config, PROXY_PORT',
  );
  const given = { options: { delegateEnv: 'd' }, files: { d: 'URL=https://u.example\n' } };
  expect(originOf(load({ urls: [], env: { ACCOUNT_ID: 'a' }, ...given }), 'targets[0].url')).toBe(
    'https://u.example/api/account/a/status < URL in d, ACCOUNT_ID',
  );
});

test.for([
  ['/a.jks', '/a.jks < JAVA_OPTS in d.env'],
  [
    '/gone',
    '/opt/java/openjdk/lib/security/cacerts < JAVA_OPTS in d.env names a file that is missing',
  ],
])('options of Java are named with the file that they stand in: %s', ([path, expected]) => {
  const config = load({
    options: { delegateEnv: 'd.env' },
    files: {
      'd.env': `JAVA_OPTS=-Djavax.net.ssl.trustStore=${path}\n`,
      '/a.jks': '',
      '/opt/java/openjdk/lib/security/cacerts': '',
    },
  });
  expect(originOf(config, 'targets[0].javaTruststore')).toBe(expected);
});

test('a value that is not what it should be is not shown', () => {
  const env = { ...manager, PROXY_TLS_CONNECT: 'hunter2' };
  expect(originOf(load({ env }), 'delegate.proxyTlsConnect')).toMatch(
    /^7 characters, not shown < /,
  );
});

test('what only the delegate acts on is shown and not acted on', () => {
  const env = {
    ...manager,
    PROXY_HOST: 'p',
    PROXY_USER: 'ann',
    PROXY_PASSWORD_ENC: '9uQ=',
    PROXY_TLS_CONNECT: 'true',
  };
  const config = load({ env });
  expect(originOf(config, 'delegate.proxyTlsConnect')).toMatch(/^true < PROXY_TLS_CONNECT; not/);
  expect(originOf(config, 'delegate.proxyPassword')).toMatch(/^ < PROXY_PASSWORD_ENC; not used/);
  expect(JSON.stringify(config)).not.toContain('9uQ=');
});

test('where no trust store is found, the table says where Java would look', () => {
  expect(originOf(load({ env: manager }), 'targets[0].javaTruststore')).toBe(
    ' < not set; looked for -Djavax.net.ssl.trustStore, /opt/harness-delegate/custom-truststore, /opt/java/openjdk/lib/security/jssecacerts, /opt/java/openjdk/lib/security/cacerts',
  );
});

test("the delegate's CA bundle comes beside the usual anchors, ours in their place", () => {
  const files = { '/opt/harness-delegate/ca-bundle': '' };
  const credential = (options: object) => {
    const { lookedFor: _, ...found } = load({ options, files }).targets[0]?.credential ?? {};
    return found;
  };
  expect(credential({})).toEqual({ extraCaPath: '/opt/harness-delegate/ca-bundle' });
  expect(credential({ ca: 'mine.pem' })).toEqual({ caPath: 'mine.pem' });
});
