/**
 * Torments agent and home, as real processes, round after round, and holds them to one sentence: every report that
 * the agent logged is stored at home once, or is counted as lost. `npm run torture -- [ROUNDS] [--seed N]`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diceOf } from './simulate/dice.ts';
import { type Account, account } from './torture/account.ts';
import { programAt } from './torture/processes.ts';
import { playRound, settle } from './torture/round.ts';
import { Stage } from './torture/stage.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    /** In place of the sources: `dist/sidelight`. */
    executable: { type: 'string' },
    /** Of the disk that is filled. */
    'disk-mib': { type: 'string', default: '12' },
    keep: { type: 'boolean', default: false },
  },
});
const inside = 'TORTURE_IN_NAMESPACE';

if (process.env[inside] === undefined && canMount()) process.exitCode = await again();
else process.exitCode = await torture(Number(positionals[0] ?? 200), Number(values.seed));

/** In a namespace of our own, so that what is mounted ends with us. */
async function again(): Promise<number> {
  const env = { ...process.env, [inside]: 'yes' };
  const args = ['-Urm', process.execPath, ...process.argv.slice(1)];
  const child = spawn('unshare', args, { env, stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name));
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 2;
}

function canMount(): boolean {
  const { status } = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return status === 0;
}

async function torture(rounds: number, seed: number): Promise<number> {
  const dice = diceOf(seed);
  const directory = mkdtempSync(join(tmpdir(), 'sidelight-torture-'));
  const canFillDisk = mountDisk(join(directory, 'disk'));
  say(`${rounds} rounds, seed ${seed}${canFillDisk ? '' : '; no disk can be filled here'}`);
  const stage = await Stage.open(directory, programAt(values.executable), dice.fraction);
  endOnSignals(stage);
  let failed = 0;
  let counts: Account | undefined;
  try {
    await stage.startHome();
    for (let round = 1; round <= rounds; round += 1) {
      const beganMs = performance.now();
      const deeds = await playRound(stage, dice, canFillDisk);
      const unsettled = await settle(stage);
      counts = account(stage.logged(), stage.stateDirectory, stage.homeDirectory);
      const faults = [...unsettled, ...counts.faults];
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
      const verdict = faults.length === 0 ? 'ok  ' : 'FAIL';
      say(`${verdict} ${round}/${rounds} ${seconds} s: ${inWords(counts)} [${deeds.join(' ')}]`);
      for (const fault of faults) say(`     ${fault}`);
      if (faults.length === 0) continue;
      failed += 1;
      say(stage.lastWords());
    }
  } finally {
    await stage.close();
    if (!values.keep) removeAll(directory);
  }
  const met = [...stage.proxy.met].map(([manner, count]) => `${manner} ${count}`).join(', ');
  say(`met at the proxy: ${met}`);
  say(`${rounds - failed} of ${rounds} rounds held: ${counts ? inWords(counts) : 'nothing'}`);
  return failed === 0 ? 0 : 1;
}

function inWords({ logged, stored, missing, counted, gaps, unkept }: Account): string {
  const kept = unkept === 0 ? '' : `, ${unkept} of agents that said that they keep nothing`;
  return (
    `${logged} logged, ${stored} stored, ${missing} missing${kept}, ` +
    `${counted} counted as lost, ${gaps} numbers missing`
  );
}

/** So that nobody whom we began outlives us. */
function endOnSignals(stage: Stage): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => void stage.close().finally(() => process.exit(2)));
  }
}

/** A small one; a plain directory where nothing may be mounted. */
function mountDisk(path: string): boolean {
  mkdirSync(path);
  if (process.env[inside] === undefined) return false;
  const size = `size=${values['disk-mib']}m`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'none', path]).status === 0;
}

function removeAll(directory: string): void {
  spawnSync('umount', [join(directory, 'disk')]);
  rmSync(directory, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
