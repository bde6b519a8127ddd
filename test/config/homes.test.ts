/** Several homes: the one of option and environment, and those that the configuration file lists. */
import { expect, test } from 'vitest';
import { load, originOf, problemsOf } from './load.ts';

const file = (config: object, more: Record<string, string> = {}) => ({
  options: { config: 'a.json' },
  files: { 'a.json': JSON.stringify({ targets: [{ url: 'https://gw' }], ...config }), ...more },
});

test('the home of option and environment comes first, then those of the file, each with its own way', () => {
  const { homes, origins } = load({
    ...file(
      {
        home: { url: 'https://one.example.com' },
        homes: [
          { url: 'https://two.example.com:8470/in', tokenFile: 't', address: '192.0.2.7' },
          { name: 'socket', url: 'wss://three.example.com/', proxy: 'http://p:3128' },
        ],
      },
      { t: 'token' },
    ),
  });
  expect(homes).toMatchObject([
    { name: 'home', url: new URL('https://one.example.com') },
    { name: 'two.example.com:8470', tokenPath: 't', address: '192.0.2.7' },
    { name: 'socket', url: new URL('wss://three.example.com/'), proxy: { host: 'p' } },
  ]);
  expect(homes[1]?.proxy).toBeUndefined();
  expect(originOf({ origins } as ReturnType<typeof load>, 'homes[0].url')).toBe(
    'https://two.example.com:8470/in < a.json: homes[0].url',
  );
});

test('options and variables speak of the one home, and not of those in the list', () => {
  const given = file({ homes: [{ url: 'https://two.example.com' }] });
  const { homes } = load({
    ...given,
    options: { ...given.options, 'home.url': 'https://one.example.com', 'home.address': '::1' },
    env: { SIDELIGHT_HOME_PROXY: 'http://p:1' },
  });
  expect(homes.map(({ name, address, proxy }) => [name, address, proxy?.host])).toEqual([
    ['home', '::1', 'p'],
    ['two.example.com', undefined, undefined],
  ]);
});

test.for([
  [
    'two homes on one host need names',
    { homes: [{ url: 'https://h/a' }, { url: 'https://h/b' }] },
    'a.json: homes[1].name: "h" is the name of another receiver (a "name" of its own for each home)',
  ],
  [
    'a name that is taken',
    { homes: [{ name: 'home', url: 'https://h/a' }] },
    'a.json: homes[0].name: "home" is the name of another receiver (a "name" of its own for each home)',
  ],
  [
    'a name that could be mistaken',
    { homes: [{ name: 'a b', url: 'https://h/a' }] },
    'a.json: homes[0].name: is no name for a home (letters, digits, dots, dashes and underscores, at most 100)',
  ],
  [
    'no URL',
    { homes: [{ name: 'a' }] },
    'a.json: homes[0].url: is missing (https://HOST[:PORT][/PATH])',
  ],
  [
    'no list',
    { homes: { url: 'https://h' } },
    'a.json: homes: is an object (a list, such as [ { "url": "https://home" } ])',
  ],
  [
    'a certificate without its key',
    { homes: [{ url: 'https://h', cert: 'c' }] },
    'a.json: homes[0].cert: is given without --key (--key FILE beside --cert; the same file where it holds both)',
  ],
  [
    'in clear to another machine by its address',
    { homes: [{ url: 'http://localhost:8470', address: '192.0.2.1' }] },
    'a.json: homes[0].url: would carry reports in clear over a network (https://, or http:// to this machine without a proxy)',
  ],
] as const)('%s is told', ([, config, expected]) => {
  expect(problemsOf(file(config))).toContain(expected);
});
