/** Plays every fault against real servers and stub peers, and prints what was expected and what was said; `test-faults.ts [WORD…]` plays those that contain a word. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { catalogue } from '../src/diagnosis/catalogue.ts';
import { allFaults } from '../test/faults/all-faults.ts';
import type { Fault } from '../test/faults/fault.ts';
import { mintMaterials } from '../test/faults/materials.ts';
import { play } from '../test/faults/play.ts';
import { portAllocator, setStage } from '../test/faults/stage.ts';
import { type Judged, judgePlayed, missesOf, tableOf, totalsOf } from '../test/faults/table.ts';
import { unreached } from '../test/faults/unreached.ts';
import { bearings, unrepeatable } from '../test/faults/without-cause.ts';

const atOnce = 6;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function playAll(faults: readonly Fault[], directory: string): Promise<readonly Judged[]> {
  const materials = mintMaterials(directory);
  const ports = portAllocator();
  const judged: Judged[] = [];
  const waiting = faults.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [index, fault] of waiting) {
      const stage = setStage(materials, `fault-${index}`, ports);
      judged[index] = judgePlayed(await play(fault, stage));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return judged;
}

/** Gives how many things are wrong with what the run proves about the catalogue. */
function sayBearings(judged: readonly Judged[]): number {
  const found = bearings(catalogue, judged);
  const borne = found.filter(({ faults }) => faults.length > 0).map(({ code }) => code);
  const unborne = catalogue.map(({ code }) => code).filter((code) => !borne.includes(code));
  const unexplained = unborne.filter((code) => !(code in unreached));
  const stale = Object.keys(unreached).filter((code) => !unborne.includes(code));
  say(`\n${borne.length} of ${found.length} causes: some fault is answered wrongly without it.`);
  for (const code of unborne)
    say(`  not reached: ${code}: ${unreached[code] ?? 'NO REASON GIVEN'}`);
  for (const code of stale) say(`  listed as not reached, and reached or gone: ${code}`);
  return unexplained.length + stale.length;
}

const words = process.argv.slice(2);
const faults = allFaults.filter(
  ({ group, name }) =>
    words.length === 0 || words.some((word) => `${group}: ${name}`.includes(word)),
);
const directory = mkdtempSync(join(tmpdir(), 'sidelight-faults-'));
const startedMs = performance.now();
try {
  const judged = await playAll(faults, directory);
  say(tableOf(judged));
  const misses = missesOf(judged);
  for (const miss of misses) say(`\n${miss}`);
  const unsteady = unrepeatable(judged);
  for (const line of unsteady) say(`\nNOT REPEATABLE ${line}`);
  say(`\n${totalsOf(judged)}, in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  const unproven = words.length === 0 ? sayBearings(judged) : 0;
  process.exitCode = misses.length + unsteady.length + unproven > 0 ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
