/** Completion in the shells themselves: what they offer for a line that has been begun. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandNames } from '../../src/config/option.ts';
import { optionSpec, optionsOf } from '../../src/config/options.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMain } from './run-main.ts';

const directory = temporaryDirectory();
mkdirSync(join(directory, 'folder'));
writeFileSync(join(directory, 'file.crt'), '');

const scriptFor = async (shell: string): Promise<string> => {
  const { code, stdout } = await runMain(['completion', shell]);
  expect(code).toBe(0);
  const path = join(directory, shell);
  writeFileSync(path, stdout);
  return path;
};

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

const run = (program: string, ...args: readonly string[]): readonly string[] =>
  execFileSync(program, args, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .split('\n')
    .filter((line) => line !== '');

/** As readline cuts the line: at spaces, and before and after an equals sign. */
function inBash(script: string, line: string): readonly string[] {
  const words = line.split(/ |(?==)|(?<==)/);
  const array = words.map((word) => `'${word}'`).join(' ');
  return run(
    'bash',
    '-c',
    `source '${script}'; COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _sidelight; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
}

const inFish = (script: string, line: string): readonly string[] =>
  run('fish', '--no-config', '-c', `source '${script}'; complete -C '${line}'`).map((each) =>
    each.replace(/\t.*/, ''),
  );

/** What offers the same to every shell; each list is part of what is offered, and the word after it is not. */
const lines: readonly [line: string, offered: readonly string[], not: string][] = [
  ['sidelight ', ['check', 'run', 'home', 'explain', 'completion'], 'list'],
  ['sidelight ch', ['check'], 'run'],
  ['sidelight check --serv', ['--server-name'], '--data'],
  ['sidelight check --tls-min ', ['1.2', '1.3'], '--cert'],
  ['sidelight check --format js', ['json'], 'text'],
  ['sidelight check gw --cert ', ['file.crt', 'folder'], '--key'],
  ['sidelight run --state-dir ', ['folder'], 'file.crt'],
  ['sidelight home ', ['list'], 'check'],
  ['sidelight home list --', ['--data', '--format'], '--listen'],
  ['sidelight completion ', ['bash', 'fish', 'zsh'], 'check'],
  ['sidelight explain unk', ['unknown_ca'], 'unsupported_certificate'],
  ['sidelight explain client-certificate-e', ['client-certificate-expired'], 'tcp-refused'],
];

test.for(lines)('bash offers for "%s"', async ([line, offered, not]) => {
  const replies = inBash(await scriptFor('bash'), line);
  expect(replies).toEqual(expect.arrayContaining([...offered]));
  expect(replies).not.toContain(not);
});

test('bash completes behind an equals sign', async () => {
  expect(inBash(await scriptFor('bash'), 'sidelight check --tls-min=1')).toEqual(['1.2', '1.3']);
  expect(inBash(await scriptFor('bash'), 'sidelight check --tls-min=')).toEqual(['1.2', '1.3']);
});

test.for(commandNames)('bash offers every option of %s', async (command) => {
  const replies = inBash(await scriptFor('bash'), `sidelight ${command} --`);
  const flags = optionsOf(command).map((name) => `--${optionSpec(name).flag}`);
  expect(replies.toSorted()).toEqual([...flags, '--help'].toSorted());
});

test.runIf(isInstalled('fish')).for(lines)('fish offers for "%s"', async ([line, offered, not]) => {
  const replies = inFish(await scriptFor('fish'), line).map((each) => each.replace(/[/=]$/, ''));
  expect(replies).toEqual(expect.arrayContaining([...offered]));
  expect(replies).not.toContain(not);
});

/** zsh completes only where somebody types, so it is given a terminal and asked for the line that results. */
function inZsh(script: string, line: string): string {
  const typed = [
    'zmodload zsh/zpty',
    'zpty z zsh -f -i',
    `zpty -w z 'PROMPT=; autoload -U compinit; compinit -u -d ${directory}/dump; source ${script}'`,
    `zpty -w z 'say() { print -r -- "<<$BUFFER>>" }; zle -N say; bindkey "^X" say; print rea""dy'`,
    'zpty -r z out "*ready*"',
    `zpty -w -n z $'${line}\\t\\x18'`,
    'zpty -r z out "*<<*>>*"',
    'print -r -- $out',
    'zpty -d z',
  ];
  const said = execFileSync('zsh', ['-f', '-c', typed.join('\n')], {
    cwd: directory,
    encoding: 'utf8',
    timeout: 10_000,
  });
  return /<<(.*?)>>/s.exec(said)?.[1] ?? said;
}

test.runIf(isInstalled('zsh')).for([
  ['sidelight chec', 'sidelight check '],
  ['sidelight check --serv', 'sidelight check --server-name='],
  ['sidelight check --format js', 'sidelight check --format json '],
  ['sidelight check --cert=fil', 'sidelight check --cert=file.crt '],
  ['sidelight run --state-dir f', 'sidelight run --state-dir folder/'],
  ['sidelight home list --da', 'sidelight home list --data='],
  ['sidelight completion fi', 'sidelight completion fish '],
  ['sidelight explain unknown_c', 'sidelight explain unknown_ca '],
  ['sidelight explain tcp-ref', 'sidelight explain tcp-refused '],
] as const)('zsh makes of "%s" "%s"', async ([line, expected]) => {
  expect(inZsh(await scriptFor('zsh'), line)).toBe(expected);
});

test('a shell may be named by its path, and a mistyped one is told', async () => {
  const [named, byPath] = await Promise.all([
    runMain(['completion', 'fish']),
    runMain(['completion', '/usr/bin/fish']),
  ]);
  expect(byPath.stdout).toBe(named.stdout);
  const { code, stderr } = await runMain(['completion', 'fisch']);
  expect(code).toBe(2);
  expect(stderr).toContain('"fisch" is no shell that it knows');
  expect(stderr).toContain('one of bash, zsh, fish; did you mean fish?');
});
