/** One round: some seconds of misfortunes, then peace, until nothing waits any more. */
import type { Dice } from '../simulate/dice.ts';
import { readSpool } from './account.ts';
import { pause } from './processes.ts';
import { manners } from './rough-proxy.ts';
import type { Stage } from './stage.ts';

const deeds = [
  'kill-agent',
  'kill-agent',
  'end-agent',
  'kill-home',
  'fill-disk',
  'few-files',
  'manner',
  'manner',
  'manner',
] as const;
type Deed = (typeof deeds)[number];

const pokeMs = 120;
/** How often an agent is begun and ended before what still waits is a fault. */
const maxSettlings = 8;

/** What was done, in order. */
export async function playRound(
  stage: Stage,
  dice: Dice,
  canFillDisk: boolean,
): Promise<readonly string[]> {
  const done: string[] = [];
  await stage.startAgent();
  const poking = setInterval(() => stage.poke(dice.fraction()), pokeMs);
  try {
    for (let left = 3 + dice.below(4); left > 0; left -= 1) {
      await pause(100 + dice.below(600));
      const deed = deeds[dice.below(deeds.length)] ?? 'manner';
      if (deed === 'fill-disk' && !canFillDisk) continue;
      done.push(await commit(deed, stage, dice));
    }
    await pause(dice.below(400));
  } finally {
    clearInterval(poking);
  }
  // Half of the rounds end in the midst of it.
  if (dice.fraction() < 0.5) await stage.killAgent();
  return done;
}

async function commit(deed: Deed, stage: Stage, dice: Dice): Promise<string> {
  switch (deed) {
    case 'kill-agent':
      await stage.killAgent();
      await stage.startAgent();
      return deed;
    case 'end-agent':
      await stage.endAgent();
      await stage.startAgent();
      return deed;
    case 'kill-home':
      await stage.killHome();
      await pause(dice.below(800));
      await stage.startHome();
      return deed;
    case 'fill-disk':
      stage.fillDisk();
      await pause(300 + dice.below(1200));
      if (dice.fraction() < 0.5) stage.freeDisk();
      return deed;
    case 'few-files': {
      const files = 20 + dice.below(16);
      await stage.killAgent();
      const isUp = await stage.startAgent(files);
      if (!isUp) await stage.startAgent();
      return `${deed}(${files}${isUp ? '' : ', too few'})`;
    }
    case 'manner': {
      const manner = manners[dice.below(manners.length)] ?? 'pass';
      stage.proxy.behave(manner);
      return manner;
    }
  }
}

/** Whether the agent could be ended each time within the time it has, and nothing waits. */
export async function settle(stage: Stage): Promise<readonly string[]> {
  stage.proxy.behave('pass');
  stage.freeDisk();
  await stage.killHome();
  await stage.startHome();
  for (let settling = 0; settling < maxSettlings; settling += 1) {
    if (!(await stage.endAgent())) return ['the agent did not end'];
    if (settling > 0 && readSpool(stage.stateDirectory).waiting === 0) return [];
    if (!(await stage.startAgent())) return ['the agent did not start'];
    await pause(500 + settling * 300);
  }
  return ['reports still wait'];
}
