/** The file of results: the machine, every figure beside its goal, and the explanations that people wrote below. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { cells, columns, type Figure } from './figure.ts';

/** What stands below this line is written by people and stays. */
const mark = '<!-- Below: written by hand, kept by npm run bench. -->';

export interface Suite {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** One, five and fifteen minutes before its end. */
  readonly load: readonly number[];
  readonly seconds: number;
}

export function tableOf({ figures }: Suite): string {
  const rows = [columns, columns.map(() => '---'), ...figures.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function writeResults(path: string, suites: readonly Suite[], quick: boolean): void {
  const kept = existsSync(path) ? (readFileSync(path, 'utf8').split(mark)[1] ?? '') : '';
  const sections = suites.map(
    (suite) => `## ${suite.name}\n\n${inWords(suite)}\n\n${tableOf(suite)}\n`,
  );
  const head = [
    '# What Sidelight costs',
    `Written by \`npm run bench${quick ? ' -- --quick' : ''}\` at ${new Date().toISOString()}. Every ratio is ours by the reference's,`,
    'both measured in turn or at the same time in one run; of rates (/s, MB/s) more is better, of all else less.',
    '',
    machine()
      .map((line) => `- ${line}`)
      .join('\n'),
  ].join('\n');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `${[head, ...sections].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n${mark}${kept || '\n'}`,
  );
}

function inWords({ load, seconds }: Suite): string {
  return `${seconds.toFixed(0)} s; load average at the end ${load.map((each) => each.toFixed(1)).join(', ')}.`;
}

function machine(): readonly string[] {
  const [{ model } = { model: 'unknown' }] = cpus();
  return [
    `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`,
    `Node ${process.versions.node} with OpenSSL ${process.versions.openssl}`,
    versionOf('openssl', 'version'),
    versionOf('curl', '--version'),
    versionOf('prometheus-blackbox-exporter', '--version'),
  ];
}

export function load(): readonly number[] {
  return loadavg();
}

function versionOf(program: string, option: string): string {
  try {
    const said = execFileSync(program, [option], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return said.split('\n')[0] ?? program;
  } catch {
    return `${program}: not here`;
  }
}
