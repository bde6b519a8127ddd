/** Whose state directory `sidelight status` takes, by precedence, and what it does with a configuration file. */
import { expect, test } from 'vitest';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { loadStatus } from '../../src/config/load-status.ts';

type Input = Parameters<typeof loadStatus>[0];

const files: Readonly<Record<string, string>> = {
  'a.json': '{ "stateDir": "/of/file", "targets": [ { "url": "https://g" } ] }',
  'faulty.json': '{ "stateDir": "/of/file", "timeout": "never", "colour": 1 }',
  'broken.json': '{ "stateDir": ',
  'other.json': '{ "timeout": "5s" }',
};

function load(given: Partial<Input>): ReturnType<typeof loadStatus> {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return text;
  };
  return loadStatus({ options: {}, env: {}, uid: 1001, readFile, ...given });
}

const env = { SIDELIGHT_STATE_DIR: '/of/variable', SIDELIGHT_CONFIG: 'a.json', HOME: '/home/u' };

test.for([
  [{ options: { stateDir: '/of/option' }, env }, '/of/option'],
  [{ env }, '/of/variable'],
  [{ env: { HOME: '/home/u', SIDELIGHT_CONFIG: 'a.json' } }, '/of/file'],
  [{ options: { config: 'faulty.json' } }, '/of/file'],
  [
    { options: { config: 'other.json' }, env: { HOME: '/home/u' } },
    '/home/u/.local/state/sidelight',
  ],
  [{ options: { stateDir: '/of/option', config: 'absent.json' } }, '/of/option'],
  [{ env: { STATE_DIRECTORY: '/of/service:/another' } }, '/of/service'],
  [{ uid: 0 }, '/var/lib/sidelight'],
  [{}, undefined],
] as const)('of %j it takes %s', ([given, stateDir]) => {
  expect(load(given)).toEqual({ format: 'text', ...(stateDir !== undefined && { stateDir }) });
});

const onlyBelow =
  (place: string) =>
  (directory: string): boolean =>
    directory.startsWith(place);

test.for([
  [
    'the usual one can be written',
    { env: { HOME: '/home/u' } },
    '',
    '/home/u/.local/state/sidelight',
  ],
  ['it cannot', { env: { HOME: '/home/u' } }, '/tmp', '/tmp/sidelight'],
  ["root's cannot", { uid: 0, env: { TMPDIR: '/scratch' } }, '/scratch', '/scratch/sidelight'],
  ['there is none', { env: {} }, '/tmp', '/tmp/sidelight'],
  [
    'nothing can be written',
    { env: { HOME: '/home/u' } },
    '/nowhere',
    '/home/u/.local/state/sidelight',
  ],
  ['one is named that cannot', { env: { SIDELIGHT_STATE_DIR: '/named' } }, '/tmp', '/named'],
] as const)('where %s: of %j with %j it takes %s', ([, given, writable, stateDir]) => {
  expect(load({ ...given, canKeepIn: onlyBelow(writable) }).stateDir).toBe(stateDir);
});

test.for(['broken.json', 'absent.json'])(
  'a configuration file that may have named one and cannot be read (%s) is a problem',
  (config) => {
    expect(() => load({ options: { config } })).toThrow(CannotRun);
  },
);

test('an unknown format is a problem', () => {
  expect(() => load({ options: { statusFormat: 'yaml' } })).toThrow(/text, json|--format/);
});
