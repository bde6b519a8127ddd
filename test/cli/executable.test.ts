/** The executable itself, as a process. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'sidelight-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

function sidelight(argv: readonly string[], env: Record<string, string> = {}) {
  const node = join(root, 'node_modules/.bin/node');
  const { status, stdout, stderr } = spawnSync(node, [join(root, 'bin/sidelight.ts'), ...argv], {
    env: { PATH: process.env['PATH'], ...env },
    cwd: directory,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

test('--version names product and runtime', () => {
  const { status, stdout } = sidelight(['--version']);
  expect(status).toBe(0);
  expect(stdout.startsWith(`sidelight ${manifest.version} (Node 24.`)).toBe(true);
});

test('--help exits 0', () => {
  const { status, stdout, stderr } = sidelight(['check', '--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('--server-name');
});

test('bad input exits 2 without a stack, every problem at once', () => {
  writeFileSync(
    join(directory, 'bad.json'),
    '{ "targets": [ { "url": "https://gw" } ],\n "timeout": }',
  );
  const { status, stdout, stderr } = sidelight(
    ['check', '--tls-mim', '1.2', '--config', 'bad.json'],
    {
      SIDELIGHT_ADDRESS: 'nowhere',
    },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe(
    [
      'sidelight: cannot run, 3 problems',
      '  --tls-mim: is an unknown option',
      '      expected: did you mean --tls-min?',
      '  bad.json: line 2, column 13: is no JSON from here on',
      '      expected: a value',
      '  SIDELIGHT_ADDRESS: "nowhere" is no IP address',
      '      expected: an IPv4 or IPv6 address',
      '',
    ].join('\n'),
  );
});

test('a file without an end is not read to its end', () => {
  const { status, stderr } = sidelight(['check', 'gw', '--config', '/dev/zero']);
  expect(status).toBe(2);
  expect(stderr).toContain('cannot read "/dev/zero" (TOO_LARGE)');
});

test('--show-config exits 0 with the origin of what it found', () => {
  const { status, stdout } = sidelight(['check', '--show-config'], {
    MANAGER_HOST_AND_PORT: 'https://acme.example.io:8443',
    ACCOUNT_ID: 'kmpy',
    PROXY_HOST: 'proxy.corp',
    PROXY_USER: 'ann',
    PROXY_PASSWORD: 'hunter2',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('https://acme.example.io:8443/api/account/kmpy/status');
  expect(stdout).toContain('MANAGER_HOST_AND_PORT, ACCOUNT_ID');
  expect(stdout).not.toContain('hunter2');
});

test('a credential file that is missing is an answer, not bad input: a report and exit code 1', () => {
  const argv = ['check', 'https://127.0.0.1:1', '--cert', 'gone.crt', '--key', 'gone.key'];
  const { status, stdout, stderr } = sidelight([
    ...argv,
    '--format',
    'json',
    '--state-dir',
    'state',
  ]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'sidelight.report/1',
    outcome: 'failed',
    layer: 'local',
    cause: { code: 'client-certificate-file-missing' },
  });
});

test('--output holds the report and stdout nothing', () => {
  const argv = ['check', 'https://127.0.0.1:1', '--state-dir', 'state', '--format', 'json'];
  const { status, stdout } = sidelight([...argv, '--output', 'report.json']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toMatchObject({
    cause: { code: 'tcp-refused' },
  });
});

test('home says at once where it can store nothing, in /proc too', () => {
  const argv = ['home', '--listen', '127.0.0.1:0', '--data', '/proc/none/data'];
  const { status, stderr } = sidelight(argv);
  expect(status).toBe(2);
  expect(stderr).toMatch(/--data: \/proc\/none\/data cannot be written\n/);
});

test.for([
  ['check', '--output'],
  ['run', '--log-file'],
] as const)('%s %s in a place that cannot be written stops it at once', ([command, option]) => {
  const argv = [command, 'https://127.0.0.1:1', option, 'none/file', '--state-dir', 'state'];
  const { status, stdout, stderr } = sidelight(argv);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^sidelight: cannot run, 1 problem\n.*\(ENOENT\)\n {6}expected: .*\n$/);
});
