/** Files that only we need: what is good enough, and what is not. */
import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { loadHomeServer } from '../../src/config/load-home-server.ts';
import { load } from './load.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const locked = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();
const certificate = rootCertificates[0] ?? '';

test('home as we reach it: token, anchors, certificate and key that can be used', () => {
  const { homes } = load({
    options: {
      'home.url': 'https://home.example.com/in',
      'home.tokenFile': 't',
      'home.ca': 'ca',
      'home.cert': 'c',
      'home.key': 'k',
    },
    files: { t: 'token\n', ca: `${certificate}\n${rootCertificates[1]}`, c: certificate, k: key },
  });
  expect(homes[0]).toEqual({
    name: 'home',
    url: new URL('https://home.example.com/in'),
    tokenPath: 't',
    caPath: 'ca',
    certPath: 'c',
    keyPath: 'k',
  });
});

test('home in clear, on this machine', () => {
  for (const url of ['http://127.0.0.1:8470', 'http://[::1]:8470', 'http://localhost:8470']) {
    expect(load({ options: { 'home.url': url } }).homes[0]?.url.protocol).toBe('http:');
  }
});

function serverProblems(files: Record<string, string>, options: object): readonly string[] {
  try {
    loadHomeServer({
      options: { data: '/data', ...options },
      env: {},
      readFile: (path) => files[path] ?? '',
    });
    return [];
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
}

const pair = { serverCert: 'c', serverKey: 'k' };
const table: readonly [string, Record<string, string>, object, readonly string[]][] = [
  ['on this machine', {}, {}, []],
  [
    'for a fleet',
    { c: certificate, k: key, t: '# ours\nblue token\n' },
    { ...pair, serverTokenFile: 't', listen: '0.0.0.0:8470' },
    [],
  ],
  [
    'a key in the place of the certificate',
    { c: key, k: key },
    pair,
    ['--cert: "c" holds no PEM certificate'],
  ],
  [
    'a certificate in the place of the key',
    { c: certificate, k: certificate },
    pair,
    ['--key: "k" holds no PEM private key'],
  ],
  ['an encrypted key', { c: certificate, k: locked }, pair, ['--key: "k" is encrypted']],
  [
    'a damaged key',
    { c: certificate, k: key.replace(/\n.{8}/, '\n') },
    pair,
    ['--key: "k" holds a key that does not decode'],
  ],
  [
    'no token',
    { t: '# none yet\n\n' },
    { serverTokenFile: 't' },
    ['--token-file: "t" holds no token'],
  ],
  [
    'no operator',
    { o: '# nobody yet\n' },
    { operatorTokenFile: 'o' },
    ['--operator-token-file: "o" holds no token'],
  ],
  ['operators', { o: 'alice token\n' }, { operatorTokenFile: 'o' }, []],
  ['a name to listen on', {}, { listen: 'gw:80' }, ['--listen: "gw:80" is no address with a port']],
  [
    'a port that is none',
    {},
    { listen: '127.0.0.1:70000' },
    ['--listen: "127.0.0.1:70000" is no address with a port'],
  ],
  [
    'several faults',
    { t: '' },
    { listen: '[::]:1', serverKey: 'k', serverTokenFile: 't' },
    [
      '--key: is given without --cert',
      '--key: "k" holds no PEM private key',
      '--token-file: "t" holds no token',
      '--listen: :: is reached from the network, and there is no certificate',
    ],
  ],
];

test.for(table)('home as we serve it: %s', ([, files, options, expected]) => {
  expect(serverProblems(files, options)).toEqual(expected);
});

test('no content of a key or token stands in a message', () => {
  const body = locked.split('\n')[1] ?? '';
  const problems = serverProblems(
    { c: locked, k: locked, t: '#hunter2' },
    { ...pair, serverTokenFile: 't' },
  );
  expect(problems).toHaveLength(3);
  expect(problems.join()).not.toContain(body);
  expect(problems.join()).not.toContain('hunter2');
});
