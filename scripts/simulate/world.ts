/** What befalls whom, and when: the happenings of a scenario, drawn out agent by agent. */
import type { Dice } from './dice.ts';
import { durationMs, type Happening, type Scenario } from './scenario.ts';

/** One happening of one agent, or of all alike. */
export interface Spell {
  readonly what: Happening['what'];
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly cutFromHome: boolean;
}

const weekMs = 7 * 86_400_000;

/** By agent, each in the order of time. */
export function drawSpells(
  scenario: Scenario,
  agents: number,
  accountOf: (agent: number) => number,
  dice: Dice,
): readonly (readonly Spell[])[] {
  const startMs = Date.parse(scenario.start);
  const spells: Spell[][] = Array.from({ length: agents }, () => []);
  for (const happening of scenario.happenings) {
    for (const [agent, atMs] of occasionsOf(happening, scenario, agents, accountOf, dice)) {
      const fromMs = startMs + atMs;
      spells[agent]?.push({
        what: happening.what,
        fromMs,
        untilMs: fromMs + lengthOf(happening, dice),
        cutFromHome: happening.cutFromHome ?? false,
      });
    }
  }
  return spells.map((own) => own.toSorted((one, other) => one.fromMs - other.fromMs));
}

type Occasion = readonly [agent: number, atMs: number];

function occasionsOf(
  happening: Happening,
  { lasts }: Scenario,
  agents: number,
  accountOf: (agent: number) => number,
  dice: Dice,
): readonly Occasion[] {
  const { at, eachPerWeek, account, agents: some, spread } = happening;
  const wholeMs = durationMs(lasts);
  if (eachPerWeek !== undefined) {
    const times = Math.round((agents * eachPerWeek * wholeMs) / weekMs);
    return Array.from({ length: times }, () => [dice.below(agents), dice.fraction() * wholeMs]);
  }
  const atMs = durationMs(at ?? '0s');
  const spreadMs = spread === undefined ? 0 : durationMs(spread);
  const everybody = [...Array(agents).keys()];
  const those =
    account !== undefined
      ? everybody.filter((agent) => accountOf(agent) === account)
      : everybody.slice(0, some ?? agents).map((agent) => (some ? dice.below(agents) : agent));
  return those.map((agent) => [agent, atMs + dice.fraction() * spreadMs]);
}

function lengthOf({ lasts }: Happening, dice: Dice): number {
  if (typeof lasts === 'string') return durationMs(lasts);
  const [least, most] = lasts.map(durationMs) as [number, number];
  return least + dice.fraction() * (most - least);
}
