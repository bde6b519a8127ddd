/** The manual page, as groff reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandNames } from '../../src/config/option.ts';
import { optionNames, optionSpec } from '../../src/config/options.ts';
import { runMain } from './run-main.ts';

const isInstalled = spawnSync('groff', ['--version']).status === 0;

test('it names every command and every option', async () => {
  const { code, stdout } = await runMain(['man']);
  expect(code).toBe(0);
  for (const name of commandNames) expect(stdout).toContain(`.SS "sidelight ${name}"`);
  for (const name of optionNames) {
    expect(stdout).toContain(`\\-\\-${optionSpec(name).flag.replaceAll('-', '\\-')}`);
  }
});

test('no line is a request by accident, and nothing but ASCII is in it', async () => {
  const { stdout } = await runMain(['man']);
  expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  const requests = stdout.split('\n').filter((line) => /^['.]/.test(line));
  for (const line of requests) expect(line).toMatch(/^\.(?:TH|SH|SS|PP|TP|B|BI|I|EX|EE|br)\b/);
});

test.runIf(isInstalled)(
  'groff has no complaint, and what is typed stands there as it is typed',
  async () => {
    const { stdout } = await runMain(['man']);
    const {
      status,
      stdout: page,
      stderr,
    } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], {
      input: stdout,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(page).toContain('--server-name NAME');
    expect(page).toContain('sidelight check --show-config');
    expect(page).toContain('eval "$(sidelight completion bash)"');
  },
);
