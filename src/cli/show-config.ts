/** `--show-config`: every setting, its value without secrets, and what said it. */
import { CannotRun } from '../base/cannot-run.ts';
import { escapeUnsafeInJson, sanitise } from '../base/sanitise.ts';
import type { Config, SettingOrigin } from '../config/config.ts';
import { examineConfig, type LoadInput } from '../config/load-config.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

/** What is wrong with the configuration comes after all that was found. */
export function showConfig(input: LoadInput, io: Io): number {
  const { origins, problems } = examineConfig(input);
  io.stdout.write(configText({ origins }));
  if (problems.length > 0) throw new CannotRun(problems);
  return exitCodes.good;
}

/** A table for people, or JSON where a format of machines was asked for. */
export function configText({ origins }: Pick<Config, 'origins'>): string {
  const format = origins.find(({ setting }) => setting === 'format');
  const wantsJson = format?.value === 'json' && format.origin !== 'default';
  return wantsJson ? json(origins) : table(origins);
}

function json(origins: readonly SettingOrigin[]): string {
  const lines = JSON.stringify(origins, null, 2).split('\n');
  return lines.map((line) => `${escapeUnsafeInJson(line)}\n`).join('');
}

function table(origins: readonly SettingOrigin[]): string {
  const rows = [
    ['setting', 'value', 'origin'],
    ...origins.map(({ setting, value, origin }) => [
      setting,
      sanitise(value, 1024) || '-',
      sanitise(origin, 1024),
    ]),
  ];
  const widthOf = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [widthOf(0), widthOf(1)];
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
