/**
 * Strikes an agent's state and spool at every system call that changes a file: kills it, or lets that call fail, then opens
 * what is left and holds it against what was said. `npm run crash-points -- [--home] [--sample N] [--seed N] [WHAT…]`; needs strace.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findFaults } from './crash-points/find-faults.ts';
import { heard, type Line, linesOf } from './crash-points/said.ts';
import { strikeHome } from './crash-points/strike-home.ts';
import { type Blow, canTrace, countCalls, runTraced } from './crash-points/traced.ts';
import { diceOf } from './simulate/dice.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A home is struck in place of an agent's spool, at its first two hundred calls. */
    home: { type: 'boolean', default: false },
    /** So many points of each blow in place of all. */
    sample: { type: 'string' },
    /** This one alone. */
    point: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const blows: readonly Blow[] = ['kill', 'enospc', 'eio'];
const atOnce = 3;
/** Of which the first 90 make its database, and the rest store what comes. */
const homeCalls = 200;
/** The second life is killed as well, where it takes up what the first one left. */
const laterPoints = 40;

const lifeOf = (directory: string, life: string): readonly string[] => [
  process.execPath,
  resolve(import.meta.dirname, 'crash-points/spool-life.ts'),
  directory,
  life,
];

if (!canTrace()) {
  process.stderr.write('strace cannot trace here: install it, or allow ptrace\n');
  process.exitCode = 2;
} else process.exitCode = await strikeAll();

async function strikeAll(): Promise<number> {
  const room = mkdtempSync(join(tmpdir(), 'sidelight-crash-'));
  const dice = diceOf(Number(values.seed));
  let failed = 0;
  try {
    const calls = values.home
      ? homeCalls
      : await countCalls(lifeOf(join(room, 'undisturbed'), 'a'), join(room, 'calls'));
    say(`${calls} calls that change a file`);
    const chosen = blows.filter((blow) => positionals.length === 0 || positionals.includes(blow));
    for (const blow of chosen) {
      const points = pointsOf(calls, dice.fraction);
      const faults = await strike(points, blow, room);
      failed += faults.length;
      say(`${blow}: ${points.length} points, ${faults.length} faults`);
      for (const fault of faults) say(`  ${fault}`);
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
  return failed === 0 ? 0 : 1;
}

function pointsOf(calls: number, fraction: () => number): readonly number[] {
  if (values.point !== undefined) return [Number(values.point)];
  const every = Array.from({ length: calls }, (_, index) => index + 1);
  const wanted = values.sample === undefined ? calls : Math.min(Number(values.sample), calls);
  const drawn = every.map((point) => ({ point, order: fraction() }));
  return drawn
    .toSorted((one, other) => one.order - other.order)
    .slice(0, wanted)
    .map(({ point }) => point);
}

async function strike(points: readonly number[], blow: Blow, room: string) {
  const faults: string[] = [];
  const waiting = points.values();
  const takeTurns = async (): Promise<void> => {
    for (const point of waiting) {
      const directory = join(room, `${blow}-${point}`);
      for (const fault of await strikeOne(directory, blow, point)) {
        faults.push(`${blow} at ${point}: ${fault}`);
      }
      for (const path of [directory, `${directory}.calls`]) {
        rmSync(path, { recursive: true, force: true });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return faults;
}

function strikeOne(directory: string, blow: Blow, point: number): Promise<readonly string[]> {
  return values.home
    ? strikeHome(directory, blow, point, `${directory}.calls`)
    : strikeAt(directory, blow, point);
}

/** Three lives: struck at this point, killed somewhere, and left alone; after each, all that was said holds. */
async function strikeAt(directory: string, blow: Blow, point: number): Promise<readonly string[]> {
  const strikes: readonly (readonly [Blow, number])[] = [
    [blow, point],
    ['kill', (point % laterPoints) + 1],
    ['kill', Number.MAX_SAFE_INTEGER],
  ];
  const lines: Line[] = [];
  for (const [index, [how, at]] of strikes.entries()) {
    const life = 'abc'.charAt(index);
    const { stdout, stderr, code } = await runTraced(
      lifeOf(directory, life),
      how,
      Math.min(at, 60_000),
      `${directory}.calls`,
    );
    const said = linesOf(stdout);
    if (isKept(said)) lines.push(...said);
    const heardSoFar = heard(lines);
    const { faults, doneUnsaid } = findFaults(directory, heardSoFar);
    const { underWay } = heardSoFar;
    if (underWay !== undefined && doneUnsaid !== undefined) {
      lines.push({ what: 'added', id: underWay, sequence: doneUnsaid });
    }
    const isAlive = code === 0 && said.at(-1)?.what === 'ended';
    if (how !== 'kill' && !isAlive)
      return [`life ${life} did not survive it: ${stderr.slice(-500)}`];
    if (faults.length > 0) return faults.map((fault) => `after life ${life}: ${fault}`);
  }
  return [];
}

/** Who was told that nothing is kept expects nothing to be kept, unless that was over before the end. */
function isKept(said: readonly Line[]): boolean {
  return said[0]?.durable !== false || said.some(({ what }) => what === 'on-disk');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
