/**
 * Lets a real agent live through weeks of trouble in minutes, on a simulated clock and before a simulated gateway, and
 * holds every report against a model of what should have been said. `npm run soak -- [--weeks 4] [--seed N]`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diceOf } from './simulate/dice.ts';

const { values } = parseArgs({
  options: {
    weeks: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
});
const weekMs = 7 * 86_400_000;
const maxSaid = 20;

// Everything of the agent is real but the one function that opens connections.
const probe = new URL('../src/probe/look.ts', import.meta.url).href;
const simulated = new URL('soak/look.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    return resolved.url === probe ? { ...resolved, url: simulated } : resolved;
  },
});
const { soak } = await import('./soak/soak.ts');

// Memory where there is some: what is tried here is no disk.
const room = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sidelight-soak-'));
const beganMs = performance.now();
let said = 0;
try {
  const figures = await soak({
    directory: room,
    lengthMs: Number(values.weeks) * weekMs,
    dice: diceOf(Number(values.seed)),
    onFault: (fault) => {
      said += 1;
      if (said <= maxSaid) say(`FAULT ${fault}`);
    },
  });
  const { events, ...counts } = figures;
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
  say(`${values.weeks} weeks in ${seconds} s, seed ${values.seed}`);
  for (const [name, count] of Object.entries(counts)) say(`  ${name}: ${count}`);
  for (const [code, count] of [...events].toSorted()) say(`  ${code}: ${count}`);
  process.exitCode = figures.faults === 0 ? 0 : 1;
} finally {
  rmSync(room, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
