/** Exit codes, and what goes to which stream. */
import { expect, test } from 'vitest';
import { commandNames } from '../../src/config/option.ts';
import { optionSpec, optionsOf } from '../../src/config/options.ts';
import { formatNames } from '../../src/format/formats.ts';
import { runMain } from './run-main.ts';

test.for([...commandNames])(
  '%s --help names each of its options, with examples, in 80 columns',
  async (command) => {
    const { code, stdout, stderr } = await runMain([...command.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`sidelight ${command}`);
    expect(stdout).toContain('Examples:');
    for (const name of optionsOf(command))
      expect(stdout).toMatch(new RegExp(`^  --${optionSpec(name).flag} `, 'm'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  },
);

test('the overview names every command', async () => {
  const { code, stdout } = await runMain(['--help']);
  expect(code).toBe(0);
  for (const name of commandNames) expect(stdout).toContain(`sidelight ${name}`);
});

test('without a word there is help on stderr and no success', async () => {
  const { code, stdout, stderr } = await runMain([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Commands:');
});

test('faults of the command line, the environment and the file are told together', async () => {
  const { code, stdout, stderr } = await runMain(
    ['check', 'http://gw', '--tmeout', '3', '--config', 'a.json', '--cert', 'x'],
    { env: { SIDELIGHT_FORMAT: 'xml' }, readFile: () => '{"targts": []}' },
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    [
      'sidelight: cannot run, 5 problems',
      '  --tmeout: is an unknown option',
      '      expected: did you mean --timeout?',
      '  a.json: targts: is an unknown key',
      '      expected: did you mean "targets"?',
      '  argument: "http://gw" speaks no TLS: its scheme is http',
      '      expected: https://HOST[:PORT][/PATH] or wss://HOST[:PORT]/PATH',
      '  --cert: is given without --key',
      '      expected: --key FILE beside --cert; the same file where it holds both',
      '  SIDELIGHT_FORMAT: "xml" is not among the choices',
      `      expected: one of ${formatNames.join(', ')}; did you mean html?`,
      '',
    ].join('\n'),
  );
});

test('--show-config prints a table, and touches nothing', async () => {
  const argv = [
    'check',
    'https://gw/x?token=hunter2',
    '--show-config',
    '--proxy',
    'http://a:hunter2@p:1',
  ];
  const { code, stdout, stderr } = await runMain(argv, { env: { SIDELIGHT_TIMEOUT: '3s' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^setting +value +origin$/m);
  expect(stdout).toMatch(/^timeout +3s +SIDELIGHT_TIMEOUT$/m);
  expect(stdout).toMatch(/^targets\[0\]\.proxy +http:\/\/\*\*\*@p:1 +--proxy$/m);
  expect(stdout).not.toContain('hunter2');
});

test.for(['check', 'run'])(
  '%s --show-config says where it looked, also for a target',
  async (command) => {
    const { code, stdout, stderr } = await runMain([command, '--show-config'], {
      env: { ACCOUNT_ID: 'acc', SIDELIGHT_TIMEOUT: 'soon' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sidelight: cannot run, 2 problems\n {2}target: no target is named/);
    expect(stdout).toMatch(
      /^targets\[0\]\.url +- +no target is named; looked at the arguments .*SIDELIGHT_TARGETS.*MANAGER_HOST_AND_PORT or URL beside ACCOUNT_ID/m,
    );
    expect(stdout).toMatch(/^targets\[0\]\.key .*HARNESS_CLIENT_KEY_FILE/m);
    expect(stdout).toMatch(/^delegate\.account +acc +ACCOUNT_ID$/m);
    expect(stdout).toMatch(/^timeout +- +SIDELIGHT_TIMEOUT: "soon" is no span of time$/m);
  },
);

test('--show-config names a target that is none', async () => {
  const { code, stdout } = await runMain(['check', '--show-config'], {
    env: { MANAGER_HOST_AND_PORT: 'https://a b' },
  });
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^targets\[0\]\.url +- +MANAGER_HOST_AND_PORT: "https:\/\/a b" is no URL$/m,
  );
});

test.for(['check', 'run'])('%s --show-config --format json prints JSON', async (command) => {
  const { stdout } = await runMain([command, 'gw', '--show-config', '--format', 'json']);
  expect(JSON.parse(stdout)).toContainEqual({
    setting: 'format',
    value: 'json',
    origin: '--format',
  });
});

test('run --show-config is a table unless JSON was asked for', async () => {
  const { stdout } = await runMain(['run', 'gw', '--show-config']);
  expect(stdout).toMatch(/^format +json +default$/m);
});

test('a receiver that the network reaches needs a certificate', async () => {
  const { code, stderr } = await runMain([
    'home',
    '--listen',
    '0.0.0.0:8470',
    '--data',
    '/nowhere',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    '--listen: 0.0.0.0 is reached from the network, and there is no certificate',
  );
});

test('a receiver without a place for its reports says so', async () => {
  const { code, stderr } = await runMain(['home', 'list']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    '--data: is not given, and neither STATE_DIRECTORY nor HOME names a place',
  );
});

test('explain knows alerts and causes, and says when it does not', async () => {
  expect(await runMain(['explain', '48'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('unknown_ca'),
  });
  const unknown = await runMain(['explain', 'x\u001b[31m']);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('"x\\u001b[31m" is neither an alert nor a cause');
});

test('a fault of our own is one line and a next step; the stack only on demand', async () => {
  const broken = (env: Record<string, string>) =>
    runMain(['check', 'gw', '--show-config'], {
      env,
      stdout: {
        isTerminal: false,
        write: () => {
          throw new RangeError('bang');
        },
      },
    });
  const usual = await broken({});
  expect(usual.code).toBe(2);
  expect(usual.stderr).toMatch(
    /^sidelight \S+: a fault of its own \(RangeError\): bang\n {2}Please report it .*\n$/,
  );
  expect((await broken({ SIDELIGHT_DEBUG: '1' })).stderr).toMatch(/\n {4}at /);
});
