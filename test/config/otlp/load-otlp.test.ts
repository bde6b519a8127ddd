/** The Collector from `--otlp` and OTEL_*: what counts, what does not, and what nobody gets to see. */
import { expect, test } from 'vitest';
import { configText } from '../../../src/cli/show-config.ts';
import type { OtlpConfig } from '../../../src/config/config.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { load, originOf, problemsOf } from '../load.ts';

type Variables = Readonly<Record<string, string>>;

const otlpOf = (env: Variables, options: object = { otlp: 'env' }): OtlpConfig | undefined =>
  load({ env, options }).otlp;
const pathsOf = (otlp: OtlpConfig | undefined) => [otlp?.logs.url.href, otlp?.metrics.url.href];

test('the environment alone turns nothing on, for it may be meant for the delegate', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  };
  expect(otlpOf(env, {})).toBeUndefined();
});

test.each([
  ['nothing', {}, ['http://localhost:4318/v1/logs', 'http://localhost:4318/v1/metrics']],
  [
    'a base, with a path and a slash too many',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/otlp//' },
    ['https://c.example/otlp/v1/logs', 'https://c.example/otlp/v1/metrics'],
  ],
  [
    'a base, and a signal of its own that is taken as it is',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m.example:9090/api/v1/otlp/v1/metrics',
    },
    ['https://c.example/v1/logs', 'http://m.example:9090/api/v1/otlp/v1/metrics'],
  ],
  [
    'a signal without a path',
    { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://logs.example' },
    ['https://logs.example/', 'http://localhost:4318/v1/metrics'],
  ],
  [
    'an empty variable, which says nothing',
    { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: ' ', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' },
    ['http://c:1/v1/logs', 'http://c:1/v1/metrics'],
  ],
] as const)('where the environment says %s', (_, env, expected) => {
  expect(pathsOf(otlpOf(env))).toEqual(expected);
});

test('our own URL goes before every endpoint of the environment', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other:4318',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://another:4318/v1/logs',
    OTEL_SDK_DISABLED: 'true',
  };
  const expected = ['https://mine.example/v1/logs', 'https://mine.example/v1/metrics'];
  expect(pathsOf(otlpOf(env, { otlp: 'https://mine.example' }))).toEqual(expected);
  expect(pathsOf(otlpOf({ ...env, SIDELIGHT_OTLP: 'https://mine.example/' }, {}))).toEqual(
    expected,
  );
});

test('OTEL_SDK_DISABLED turns off what the environment describes', () => {
  expect(otlpOf({ OTEL_SDK_DISABLED: 'TRUE' })).toBeUndefined();
  expect(otlpOf({ OTEL_SDK_DISABLED: 'false' })).toBeDefined();
  const config = load({ env: { OTEL_SDK_DISABLED: 'true' }, options: { otlp: 'env' } });
  expect(originOf(config, 'otlp.disabled')).toBe('true < OTEL_SDK_DISABLED');
});

test.for([
  ['cumulative', 'cumulative < OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'],
  ['delta', /^cumulative < \S+ asks for what is not sent here$/],
] as const)('a wish for %s is answered in --show-config', ([wish, expected]) => {
  const env = { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: wish };
  const config = load({ env, options: { otlp: 'env' } });
  expect(originOf(config, 'otlp.metrics.temporality')).toMatch(expected);
  expect(originOf(config, 'otlp.logs.temporality')).toBe('');
});

test('defaults are those of the specification', () => {
  expect(otlpOf({})?.logs).toMatchObject({
    protocol: 'http/protobuf',
    compression: 'none',
    timeoutMs: 10_000,
    headers: [],
  });
});

test('each signal has what is said of it, and else what is said of all', () => {
  const otlp = otlpOf({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
    OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '500',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'none',
  });
  expect(otlp?.logs).toMatchObject({ protocol: 'http/json', timeoutMs: 500, compression: 'none' });
  expect(otlp?.metrics).toMatchObject({
    protocol: 'http/protobuf',
    timeoutMs: 2500,
    compression: 'gzip',
  });
});

const headersOf = (otlp: OtlpConfig | undefined, signal: 'logs' | 'metrics' = 'logs') =>
  Object.fromEntries(
    (otlp?.[signal].headers ?? []).map(({ name, value }) => [name, value.reveal()]),
  );

test('headers are pairs, percent-encoded, with names in lower case', () => {
  const otlp = otlpOf({
    OTEL_EXPORTER_OTLP_HEADERS: ' API-Key = s3cr3t , Authorization=Bearer%20a%2Cb%3D%3D,',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-scope-orgid=team',
  });
  expect(headersOf(otlp)).toEqual({ 'api-key': 's3cr3t', authorization: 'Bearer a,b==' });
  expect(headersOf(otlp, 'metrics')).toEqual({ 'x-scope-orgid': 'team' });
});

test('headers for one endpoint are not sent to another', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://vendor.example:443',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=s3cr3t',
  };
  const config = load({ env, options: { otlp: 'https://mine.example' } });
  expect(headersOf(config.otlp)).toEqual({});
  expect(originOf(config, 'otlp.logs.headers')).toContain('not sent');
  // The same place, and no place at all, are no stranger.
  expect(headersOf(otlpOf(env, { otlp: 'https://vendor.example/' }))).toEqual({
    'api-key': 's3cr3t',
  });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: _, ...alone } = env;
  expect(headersOf(otlpOf(alone, { otlp: 'https://mine.example' }))).toEqual({
    'api-key': 's3cr3t',
  });
});

test('--show-config names every setting and no secret', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/?key=canary',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
  };
  const text = configText(load({ env, options: { otlp: 'env' } }));
  expect(text).not.toContain('canary');
  expect(text).toMatch(/otlp\.logs\.headers +api-key=… +OTEL_EXPORTER_OTLP_HEADERS/);
  expect(text).toMatch(
    /otlp\.logs\.endpoint +https:\/\/c\.example\/v1\/logs\?… +OTEL_EXPORTER_OTLP_ENDPOINT/,
  );
  expect(text).toMatch(/otlp\.metrics\.protocol +http\/protobuf +default/);
  expect(text).toMatch(/otlp\.resource\.deployment\.environment\.name +prod/);
});

test('resource attributes are taken, and OTEL_SERVICE_NAME goes before the one in the list', () => {
  const OTEL_RESOURCE_ATTRIBUTES = 'service.name=listed,team=a%2Cb';
  expect(otlpOf({ OTEL_RESOURCE_ATTRIBUTES })?.resourceAttributes).toEqual({
    'service.name': 'listed',
    team: 'a,b',
  });
  const named = otlpOf({ OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME: 'named' });
  expect(named?.resourceAttributes['service.name']).toBe('named');
});

test('a delegate that speaks grpc does not stand in the way of a URL of ours', () => {
  const config = load({
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    options: { otlp: 'http://localhost:4318' },
  });
  expect(config.otlp?.logs.protocol).toBe('http/protobuf');
  expect(originOf(config, 'otlp.logs.protocol')).toContain('OTEL_EXPORTER_OTLP_PROTOCOL');
});

test.each([
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', /by HTTP/],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/xml', /no protocol/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /no URL/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317', /no URL/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://u:canary@c.example', /user or password/],
  ['OTEL_EXPORTER_OTLP_LOGS_TIMEOUT', '10s', /milliseconds/],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '0', /milliseconds/],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', /no compression/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'canary', /pairs/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=canary%ZZ', /pairs/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=canary%0d%0ab', /cannot stand/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'ca(nary=1', /no name/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'Content-Length=canary', /content-length/],
  ['OTEL_RESOURCE_ATTRIBUTES', 'no pair', /pairs/],
  ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/nowhere/canary.pem', /ENOENT/],
  ['OTEL_EXPORTER_OTLP_CLIENT_KEY', '/nowhere/key.pem', /ENOENT.*other half/],
])('%s=%s is a problem, told without a secret', (variable, value, what) => {
  const problems = problemsOf({ env: { [variable]: value }, options: { otlp: 'env' } });
  const told = problems.filter((problem) => problem.startsWith(`${variable}: `));
  expect(told.join('; ')).toMatch(what);
  const secret = /HEADERS|ENDPOINT/.test(variable);
  if (secret) expect(JSON.stringify(problems)).not.toContain('canary');
});

test('trust and our certificate come from files, those of a signal before those of all', () => {
  const pki = makePki(temporaryDirectory());
  const ca = pki.ca('Collector CA');
  const leaf = pki.leaf({ cn: 'agent', ca });
  const config = load({
    env: {
      OTEL_EXPORTER_OTLP_CERTIFICATE: 'all.pem',
      OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: 'metrics.pem',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'leaf.pem',
      OTEL_EXPORTER_OTLP_CLIENT_KEY: 'key.pem',
    },
    options: { otlp: 'env' },
    files: {
      'all.pem': ca.cert,
      'metrics.pem': ca.cert,
      'leaf.pem': leaf.cert,
      'key.pem': leaf.key,
    },
  });
  expect(config.otlp?.logs).toMatchObject({
    caPath: 'all.pem',
    certPath: 'leaf.pem',
    keyPath: 'key.pem',
  });
  expect(config.otlp?.metrics.caPath).toBe('metrics.pem');
});

test("the proxy is the environment's, and none for this machine", () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128' };
  expect(otlpOf(env, { otlp: 'https://c.example' })?.logs.proxy).toMatchObject({ host: 'proxy' });
  expect(otlpOf(env, { otlp: 'http://localhost:4318' })?.logs.proxy).toBeUndefined();
});
