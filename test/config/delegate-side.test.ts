/** Where the delegate's Java finds its trust store, as its environment says. */
import { expect, test } from 'vitest';
import { load, originOf } from './load.ts';

const beside = { DELEGATE_NAME: 'delegate-1' };
const cacerts = '/opt/java/openjdk/lib/security/cacerts';
const jssecacerts = '/opt/java/openjdk/lib/security/jssecacerts';
const custom = '/opt/harness-delegate/custom-truststore';

function delegateOf(env: Record<string, string>, ...present: readonly string[]) {
  const files = Object.fromEntries(present.map((path) => [path, '']));
  const config = load({ env, files });
  const delegate = config.targets[0]?.delegate;
  const password = delegate?.trustStorePassword;
  return {
    path: delegate?.trustStorePath,
    password: password === undefined || password === 'none' ? password : password.reveal(),
    origin: originOf(config, 'targets[0].javaTruststore'),
  };
}

const found = "found where the delegate's Java looks";

test.for([
  ["Java's own", beside, [cacerts], cacerts],
  ["Java's own for TLS first", beside, [cacerts, jssecacerts], jssecacerts],
  ["the delegate's own before it", beside, [cacerts, custom], custom],
  [
    'that, where it works elsewhere',
    { ...beside, WORKING_DIR: '/tmp/work' },
    [cacerts, custom, '/tmp/work/custom-truststore'],
    '/tmp/work/custom-truststore',
  ],
  [
    "that of JAVA_HOME, in another image's place",
    { ...beside, JAVA_HOME: '/usr/lib/jvm/17' },
    ['/usr/lib/jvm/17/lib/security/cacerts'],
    '/usr/lib/jvm/17/lib/security/cacerts',
  ],
  [
    'with FIPS, only that of FIPS',
    { ...beside, FIPS_ENABLED: 'true' },
    [cacerts, custom, '/opt/java/openjdk/lib/security/cacerts-bcfks'],
    '/opt/java/openjdk/lib/security/cacerts-bcfks',
  ],
] as const)('%s', ([, env, present, path]) => {
  expect(delegateOf(env, ...present)).toEqual({
    path,
    password: undefined,
    origin: `${path} < ${found}`,
  });
});

const option = '-Djavax.net.ssl.trustStore';

test.for([
  [{ JAVA_OPTS: `-Xmx1g ${option}=/a.jks` }, '/a.jks', 'none', 'JAVA_OPTS'],
  [{ JAVA_OPTS: `${option}=/a.jks ${option}Password=geheim` }, '/a.jks', 'geheim', 'JAVA_OPTS'],
  [{ JAVA_OPTS: `"${option}=/with space.jks"` }, '/with space.jks', 'none', 'JAVA_OPTS'],
  [{ JAVA_OPTS: `${option}='/with space.jks'` }, '/with space.jks', 'none', 'JAVA_OPTS'],
  [{ JAVA_OPTS: `${option}=/a.jks ${option}=/b.jks` }, '/b.jks', 'none', 'JAVA_OPTS'],
  [{ JAVA_TOOL_OPTIONS: `${option}=/c.jks` }, '/c.jks', 'none', 'JAVA_TOOL_OPTIONS'],
  [
    { JAVA_TOOL_OPTIONS: `${option}=/c.jks`, JDK_JAVA_OPTIONS: `${option}=/b.jks` },
    '/b.jks',
    'none',
    'JDK_JAVA_OPTIONS',
  ],
] as const)('%o names %s', ([env, path, password, origin]) => {
  const files = [cacerts, '/a.jks', '/b.jks', '/c.jks', '/with space.jks'];
  expect(delegateOf({ ...beside, ...env }, ...files)).toEqual({
    path,
    password,
    origin: `${path} < ${origin}`,
  });
});

test('for a named store that is missing, Java takes its own', () => {
  const env = { ...beside, JAVA_OPTS: `${option}=/gone.jks` };
  expect(delegateOf(env, cacerts).path).toBe(cacerts);
  expect(delegateOf(env).path).toBe('/gone.jks');
});

test('no password of a store is shown', () => {
  const env = { ...beside, JAVA_OPTS: `${option}=/a.jks ${option}Password=geheim` };
  expect(JSON.stringify(load({ env, files: { '/a.jks': '' } }))).not.toContain('geheim');
});

test('without a sign of a delegate there is none, whatever Java is installed', () => {
  const env = { JAVA_HOME: '/opt/java/openjdk', ACCOUNT_ID: 'acme' };
  expect(load({ env, files: { [cacerts]: '' } }).targets[0]).not.toHaveProperty('delegate');
});

test.for([
  'MANAGER_HOST_AND_PORT',
  'DELEGATE_NAME',
  'DELEGATE_TOKEN',
  'DELEGATE_CLIENT_CERTIFICATE_PATH',
])('%s is a sign of one', (name) => {
  expect(load({ env: { [name]: 'https://x.example' } }).targets[0]?.delegate).toEqual({});
});

test('a trust store that is given makes one, before anything that is found', () => {
  const config = load({ options: { javaTruststore: '/mine.jks' } });
  expect(config.targets[0]?.delegate).toEqual({ trustStorePath: '/mine.jks' });
  const both = load({
    env: { ...beside, SIDELIGHT_JAVA_TRUSTSTORE: '/m' },
    files: { [cacerts]: '' },
  });
  expect(both.targets[0]?.delegate).toEqual({ trustStorePath: '/m' });
});

test.for([
  ['TRUST_ALL_CERTIFICATES', { trustsAll: true }],
  ['FIPS_ENABLED', { fips: true }],
] as const)('%s counts only when it is true', ([name, expected]) => {
  expect(load({ env: { ...beside, [name]: 'TRUE' } }).targets[0]?.delegate).toEqual(expected);
  expect(load({ env: { ...beside, [name]: 'false' } }).targets[0]?.delegate).toEqual({});
});
