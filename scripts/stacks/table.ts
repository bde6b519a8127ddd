/** The table of all cases, what can not be produced and why, what differs, and the totals. */
import process from 'node:process';
import type { Outcome } from '../../src/evidence/evidence.ts';
import type { Comparison } from './compare.ts';
import { type Fault, faultNames, faults, versions } from './fault.ts';
import type { Stack } from './stack.ts';

export interface Result extends Comparison {
  readonly stack: string;
  readonly fault: Fault;
  readonly version: string;
  readonly outcome: Outcome;
}

/** True when every cell is exact. */
export function printTable(
  stacks: readonly Stack[],
  results: readonly Result[],
  judge: string,
): boolean {
  const rows = stacks.flatMap((stack) =>
    versions.map((version) => [
      `${stack.name} ${stack.version()}`,
      version,
      ...faultNames.map((fault) => cell(stack, fault, version, results)),
    ]),
  );
  const heading = ['stack', 'TLS', ...faultNames.map((fault) => faults[fault].short)];
  const reasons = stacks.flatMap(({ name, cannot }) =>
    Object.entries(cannot).map(([fault, why]) => `n/a  ${name}, ${fault}: ${why}`),
  );
  const differing = results.filter(({ differences }) => differences.length > 0);
  const faultyLines = differing.map(
    ({ stack, fault, version, differences }) =>
      `DIFFERS  ${stack} ${fault} ${version}: ${differences.join('; ')}`,
  );
  const lines = [...align([heading, ...rows]), '', ...reasons, ...faultyLines, ''];
  process.stdout.write(`${[...lines, ...totals(results, judge)].join('\n')}\n`);
  return differing.length === 0;
}

function cell(stack: Stack, fault: Fault, version: string, results: readonly Result[]): string {
  if (stack.cannot[fault] !== undefined) return 'n/a';
  const result = results.find(
    (candidate) =>
      candidate.stack === stack.name && candidate.fault === fault && candidate.version === version,
  );
  return result?.differences.length === 0 ? 'exact' : 'DIFFERS';
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function totals(results: readonly Result[], judge: string): readonly string[] {
  const sum = (what: 'alerts' | 'leaves', count: 'exact' | 'all'): number =>
    results.reduce((total, result) => total + result[what][count], 0);
  const wrongly = (expected: Outcome, outcome: Outcome): number =>
    results.filter(
      (result) => faults[result.fault].outcome === expected && result.outcome === outcome,
    ).length;
  const exact = results.filter(({ differences }) => differences.length === 0).length;
  return [
    `cases exact: ${exact} of ${results.length}, as ${judge} decodes the same connections`,
    `alerts exact (direction, level, number, encrypted): ${sum('alerts', 'exact')} of ${sum('alerts', 'all')}`,
    `leaf fingerprints exact: ${sum('leaves', 'exact')} of ${sum('leaves', 'all')}`,
    `rejected reported as accepted: ${wrongly('rejected', 'accepted')}; accepted reported as rejected: ${wrongly('accepted', 'rejected')}`,
  ];
}
