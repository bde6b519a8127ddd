/** Whole processes, from start to exit or to the first word: `check` and what stands beside it, and the start alone. */
import { join } from 'node:path';
import { type Command, verdictMs, wallMs } from '../footprint/measure.ts';
import { type Figure, figureOf, inMs } from './figure.ts';
import { credentialArguments, type Stage } from './stage.ts';

const goal = { atMost: 1.5 };

export async function measureCheck(stage: Stage): Promise<readonly Figure[]> {
  const { port } = await stage.startGateway();
  const { ca, cert, key } = stage.files;
  const url = `https://localhost:${port}/`;
  const state = ['--state-dir', join(stage.directory, 'check')];
  const ours: Command = {
    file: stage.executable,
    args: ['check', url, ...credentialArguments(stage), ...state],
  };
  const bareScript = join(import.meta.dirname, '../footprint/bare-check.mjs');
  const bare = { file: process.execPath, args: [bareScript, String(port), ca, cert, key] };
  const openssl = {
    file: 'openssl',
    args: [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-CAfile', ca],
      ...['-cert', cert, '-key', key, '-verify_return_error'],
    ],
  };
  const curl = {
    file: 'curl',
    args: [
      ...['--silent', '--cacert', ca, '--cert', cert, '--key', key],
      ...['--resolve', `localhost:${port}:127.0.0.1`, url],
    ],
  };
  const rounds = roundsOf(stage);
  const verdicts = await alternate(rounds, verdictMs, ours, bare);
  const walls = await alternate(rounds, wallMs, ours, bare, openssl, curl);
  const exit = 'check, start to exit';
  return [
    figureOf('check, start to verdict', 'bare script', column(verdicts, 0, 1), inMs, goal),
    figureOf(exit, 'bare script', column(walls, 0, 1), inMs, goal),
    figureOf(exit, 'openssl s_client', column(walls, 0, 2), inMs),
    figureOf(exit, 'curl', column(walls, 0, 3), inMs),
  ];
}

export async function measureStart(stage: Stage): Promise<readonly Figure[]> {
  const nothing = { file: process.execPath, args: ['-e', '0'] };
  const ours = (option: string): Command => ({ file: stage.executable, args: [option] });
  const rows = await alternate(roundsOf(stage), wallMs, ours('--version'), ours('--help'), nothing);
  return [
    figureOf('--version', 'node -e 0', column(rows, 0, 2), inMs),
    figureOf('--help', 'node -e 0', column(rows, 1, 2), inMs),
  ];
}

const roundsOf = ({ quick }: Stage): number => (quick ? 5 : 21);

/** A B C A B C …, so that what slows the machine down slows all of them; the first round warms up and does not count. */
async function alternate(
  rounds: number,
  measure: (command: Command) => Promise<number>,
  ...commands: readonly Command[]
): Promise<readonly (readonly number[])[]> {
  const rows: number[][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const row: number[] = [];
    for (const command of commands) row.push(await measure(command));
    rows.push(row);
  }
  return rows.slice(1);
}

function column(rows: readonly (readonly number[])[], ours: number, other: number) {
  return rows.map((row) => [row[ours] ?? Number.NaN, row[other] ?? Number.NaN] as const);
}
