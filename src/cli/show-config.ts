/** `--show-config`: every setting, its value without secrets, and what said it. */
import { escapeUnsafeInJson, sanitise } from '../base/sanitise.ts';
import type { Config, SettingOrigin } from '../config/config.ts';

/** A table for people, or JSON where a format of machines was asked for. */
export function configText({ format, origins }: Config): string {
  const formatOrigin = origins.find(({ setting }) => setting === 'format')?.origin;
  const wantsJson = format === 'json' && formatOrigin !== 'default';
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
