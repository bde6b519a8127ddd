/** Whom home notifies: what is understood, and every problem told without the URL that may be a secret. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRun, type Problem } from '../../src/base/cannot-run.ts';
import {
  type HomeServerConfig,
  type LoadHomeInput,
  loadHomeServer,
} from '../../src/config/load-home-server.ts';

type Files = Readonly<Record<string, string>>;

function load(
  options: LoadHomeInput['options'],
  files: Files = {},
  env: LoadHomeInput['env'] = {},
): HomeServerConfig {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
    return text;
  };
  return loadHomeServer({ options: { data: '/data', ...options }, env, readFile });
}

function problemsOf(options: LoadHomeInput['options'], files?: Files): readonly Problem[] {
  try {
    load(options, files);
    return [];
  } catch (error) {
    if (error instanceof CannotRun) return error.problems;
    throw error;
  }
}

const shown = ({ notify }: HomeServerConfig) =>
  notify?.receivers.map(({ name, format, url, secretPath }) => [
    name,
    format,
    url.href,
    secretPath,
  ]);

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

test('nobody is notified unless it is said', () => {
  expect(load({})).not.toHaveProperty('notify');
});

test('receivers are named by their host, and told apart', () => {
  const notify = ['https://a.example/1', 'slack+https://a.example/2', 'teams+https://b.example:8/'];
  expect(shown(load({ notify }))).toEqual([
    ['a.example', 'cloudevents', 'https://a.example/1', undefined],
    ['a.example-2', 'slack', 'https://a.example/2', undefined],
    ['b.example:8', 'teams', 'https://b.example:8/', undefined],
  ]);
  const env = {
    SIDELIGHT_NOTIFY: 'https://a.example/1  alertmanager+http://[::1]:9093/api/v2/alerts',
  };
  expect(shown(load({}, {}, env))).toEqual([
    ['a.example', 'cloudevents', 'https://a.example/1', undefined],
    ['[::1]:9093', 'alertmanager', 'http://[::1]:9093/api/v2/alerts', undefined],
  ]);
});

test('a file names them, and gives each its own secrets', () => {
  const files = {
    '/r': `# ours\n\nauto https://a.example/x /own\n  chat\tslack+https://c.example/s?k=1\n`,
    '/own': secret,
    '/all': `${secret}\na-secret-of-24-characters\n`,
  };
  const config = load(
    { notifyFile: '/r', notifySecretFile: '/all', publicUrl: 'https://h.example/' },
    files,
  );
  expect(shown(config)).toEqual([
    ['auto', 'cloudevents', 'https://a.example/x', '/own'],
    ['chat', 'slack', 'https://c.example/s?k=1', '/all'],
  ]);
  expect(config.publicUrl).toBe('https://h.example');
});

test.for([
  [
    { notify: 'https://u:hidden@a.example/' },
    {},
    '--notify: holds a user or password, which is never sent',
  ],
  [
    { notify: 'http://hidden.example/' },
    {},
    '--notify: would carry notifications in clear over a network',
  ],
  [
    { notify: 'irc+https://hidden.example/' },
    {},
    '--notify: has a format that is none of cloudevents, alertmanager, slack, teams',
  ],
  [{ notify: 'hidden.example' }, {}, '--notify: is no [FORMAT+]URL with http:// or https://'],
  [{ notifyFile: '/r' }, {}, '--notify-file: cannot read "/r" (ENOENT)'],
  [
    { notifyFile: '/r' },
    { '/r': 'https://hidden.example/' },
    '--notify-file: line 1: begins with no name',
  ],
  [
    { notifyFile: '/r' },
    { '/r': 'a https://x.example/\na https://hidden.example/' },
    '--notify-file: line 2: has a name that stands there twice',
  ],
  [
    { notifyFile: '/r' },
    { '/r': 'a https://x.example/ /s hidden' },
    '--notify-file: line 1: holds more than name, URL and secret file',
  ],
  [
    { notifyFile: '/r' },
    { '/r': 'a https://x.example/ /s' },
    '--notify-file: line 1: cannot read "/s" (ENOENT)',
  ],
  [
    { notifySecretFile: '/s' },
    { '/s': secret },
    '--notify-secret-file: is given and nobody is notified',
  ],
  [
    { notify: 'https://x.example', notifySecretFile: '/s' },
    { '/s': 'hidden' },
    '--notify-secret-file: "/s" holds a secret that is too short or no base64',
  ],
  [
    { notify: 'https://x.example', notifySecretFile: '/s' },
    { '/s': '# none' },
    '--notify-secret-file: "/s" holds no secret',
  ],
] as const)('%o with %o: %s', ([options, files, problem]) => {
  const problems = problemsOf(options, files);
  expect(problems.map(({ where, what }) => `${where}: ${what}`)).toEqual([problem]);
  expect(JSON.stringify(problems)).not.toContain('hidden');
});

test('the example is understood but for the file that stands on no machine', () => {
  const path = resolve(import.meta.dirname, '../../deploy/chat/receivers');
  const files = {
    '/r': readFileSync(path, 'utf8'),
    '/etc/sidelight-home/automation.secret': secret,
  };
  const formats = load({ notifyFile: '/r' }, files).notify?.receivers.map(({ format }) => format);
  expect(formats).toEqual(['slack', 'slack', 'teams', 'alertmanager', 'cloudevents']);
});

test('events go nowhere unless it is said, and a file takes the format of the screen', () => {
  expect(load({}).events).toEqual({ syslogContent: 'json' });
  expect(load({ homeFormat: 'cef', homeLogFile: '/l' }).events).toMatchObject({
    stdoutFormat: 'cef',
    logFile: '/l',
    logFormat: 'cef',
  });
  expect(load({ homeLogFile: '/l' }).events).toMatchObject({ logFile: '/l', logFormat: 'json' });
  expect(problemsOf({ logFormat: 'ecs' })).toMatchObject([{ where: '--log-format' }]);
});
