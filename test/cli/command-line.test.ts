/** argv, cut by the option table. */
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';

test.for([
  [['check', 'gw'], { command: 'check', args: ['gw'], options: {} }],
  [['check', '--cert', 'a', 'gw', '--key=b'], { args: ['gw'], options: { cert: 'a', key: 'b' } }],
  [['--cert', 'a', 'check', 'gw'], { command: 'check', args: ['gw'], options: { cert: 'a' } }],
  [['check', '--verbose', 'gw'], { args: ['gw'], options: { verbose: 'true' } }],
  [['check', '--', '--gw'], { args: ['--gw'], options: {} }],
  [['check', '--alpn', 'h2', '--alpn', 'http/1.1'], { options: { alpn: ['h2', 'http/1.1'] } }],
  [['run', 'a', 'b'], { command: 'run', args: ['a', 'b'] }],
  [['home', '--cert', 'a'], { command: 'home', options: { serverCert: 'a' } }],
  [['home', 'list', '--format', 'json'], { command: 'home list', options: { listFormat: 'json' } }],
  [['check', '--output', '-'], { options: { output: '-' } }],
  [['check', '--timeout='], { options: { timeout: '' } }],
] as const)('%j', ([argv, expected]) => {
  expect(parseCommandLine(argv)).toMatchObject({ ...expected, problems: [] });
});

const didYouMean = (typed: string, meant: string): string =>
  `command: "${typed}" is no command (did you mean: sidelight ${meant}?)`;
const preflights = 'one of preflight client, preflight gateway, preflight compare';
const seeCheck = 'see: sidelight check --help';
const table: readonly [argv: readonly string[], problems: readonly string[]][] = [
  [['chek'], ['command: "chek" is no command (did you mean: sidelight check?)']],
  [
    ['https://gw:8443'],
    ['command: "https://gw:8443" is no command (did you mean: sidelight check URL?)'],
  ],
  [
    ['--cert', 'a'],
    [
      'command: no command is given (one of check, run, status, preflight client, preflight gateway, preflight compare, watch-rotation, home, home list, home probe-now, bundle, show, explain, schema, demo, completion, man, licenses, version)',
    ],
  ],
  [['--hlep'], ['--hlep: is an unknown option (did you mean --help?)']],
  [['--verison'], ['--verison: is an unknown option (did you mean --version?)']],
  [['--bogus'], ['--bogus: is an unknown option (see: sidelight --help)']],
  [['check', '--hlep', 'gw'], ['--hlep: is an unknown option (did you mean --help?)']],
  [['preflight', 'clint'], [didYouMean('preflight clint', 'preflight client')]],
  [['prefligt', 'client'], [didYouMean('prefligt', 'preflight client')]],
  [['help', 'chek'], [didYouMean('chek', 'check')]],
  [['preflight', 'x'], [`command: "preflight x" is no command (${preflights})`]],
  [['preflight'], [`command: "preflight" alone is no command (${preflights})`]],
  [['home', 'lst'], ['home: has the arguments "lst" (did you mean: sidelight home list?)']],
  [['home', 'x'], ['home: has the arguments "x" (sidelight home)']],
  [['check', '--crt', 'a', 'gw'], ['--crt: is an unknown option (did you mean --cert?)']],
  [['check', '--verbos', 'gw'], ['--verbos: is an unknown option (did you mean --verbose?)']],
  [['check', '--bogus'], [`--bogus: is an unknown option (${seeCheck})`]],
  [['check', '-k', 'a'], [`-k: is an unknown option (${seeCheck})`]],
  [['check', '--__proto__', 'a'], [`--__proto__: is an unknown option (${seeCheck})`]],
  [
    ['check', '--interval', '1s'],
    ['--interval: is no option of check (it belongs to run and watch-rotation)'],
  ],
  [['check', '--key', '--cert', 'a'], ['--key: has no value (the path of a file or directory)']],
  [
    ['check', '--timeout'],
    ['--timeout: has no value (a number with a unit, such as 500ms, 10s, 5m or 1h)'],
  ],
  [['check', '--timeout', '1s', '--timeout', '2s'], ['--timeout: is given twice (one value)']],
  [['check', '--verbose=yes'], ['--verbose: has the value "yes" (--verbose alone)']],
  [['explain'], ['explain: has no argument (sidelight explain <alert or cause>)']],
  [['schema', 'x', 'y'], ['schema: has the arguments "x" "y" (sidelight schema)']],
  [
    ['check', '--crt', 'a', '--kye', 'b', '--bogus=c'],
    [
      '--crt: is an unknown option (did you mean --cert?)',
      '--kye: is an unknown option (did you mean --key?)',
      `--bogus: is an unknown option (${seeCheck})`,
    ],
  ],
];

test.for(table)('%j is told what is wrong', ([argv, expected]) => {
  const { problems } = parseCommandLine(argv);
  expect(problems.map(({ where, what, expected: hint }) => `${where}: ${what} (${hint})`)).toEqual(
    expected,
  );
});

test('help goes before every fault', () => {
  expect(parseCommandLine(['check', '--bogus', '--help'])).toMatchObject({
    wants: 'help',
    command: 'check',
    problems: [],
  });
  expect(parseCommandLine([])).toMatchObject({ wants: 'help' });
  expect(parseCommandLine(['--version'])).toMatchObject({ wants: 'version' });
});

test.for([
  [['help'], undefined],
  [['help', 'check'], 'check'],
  [['help', 'home', 'list'], 'home list'],
  [['help', 'preflight'], undefined],
] as const)('%j is as --help', ([argv, command]) => {
  const line = parseCommandLine(argv);
  expect(line).toMatchObject({ wants: 'help', problems: [] });
  expect(line.command).toBe(command);
});
