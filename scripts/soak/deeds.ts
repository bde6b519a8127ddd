/** What befalls an agent in a soak, drawn at random: the gateway, the way to it, its files, its clock, its own end. */
import type { Dice } from '../simulate/dice.ts';
import { good, otherAnswers, troubles } from './conditions.ts';

export type Deed =
  | { readonly kind: 'trouble'; readonly index: number }
  | { readonly kind: 'good' | 'probe-now' | 'remove-key' | 'restore-files' }
  | { readonly kind: 'other-answer'; readonly index: number }
  | { readonly kind: 'renew-server' | 'renew-client'; readonly days: number }
  | { readonly kind: 'other-authorities'; readonly index: number }
  | { readonly kind: 'storm'; readonly lastsMs: number }
  | { readonly kind: 'restart'; readonly awayMs: number }
  | { readonly kind: 'clock'; readonly wrongByMs: number };

const minuteMs = 60_000;
const dayMs = 86_400_000;
const meanPauseMs = 9 * minuteMs;
const stormPauseMs = minuteMs / 3;

/** Of a hundred. */
const weights = [
  ['trouble', 34],
  ['good', 34],
  ['storm', 1],
  ['other-answer', 5],
  ['renew-server', 2],
  ['other-authorities', 4],
  ['renew-client', 2],
  ['remove-key', 3],
  ['restore-files', 3],
  ['restart', 3],
  ['clock', 6],
  ['probe-now', 3],
] as const;

/** Exponential, so that deeds come in bunches and with long peace between; in a storm there is no peace. */
export function drawPause({ fraction }: Dice, isStorm: boolean): number {
  const meanMs = isStorm ? stormPauseMs : meanPauseMs;
  return Math.round(-Math.log(1 - fraction()) * meanMs);
}

export function drawDeed(dice: Dice): Deed {
  const kind = drawKind(dice.below(100));
  switch (kind) {
    case 'trouble':
      return { kind, index: dice.below(troubles.length) };
    case 'other-answer':
      return { kind, index: dice.below(otherAnswers.length) };
    case 'renew-server':
      return { kind, days: 0.5 + dice.below(8) / 2 };
    case 'renew-client':
      // One in six has ended already: a rotation gone wrong.
      return { kind, days: dice.below(6) === 0 ? -2 : 1 + dice.below(6) };
    case 'other-authorities':
      return { kind, index: dice.below(3) };
    case 'restart':
      return { kind, awayMs: dice.below(2) === 0 ? 0 : dice.below(40 * minuteMs) };
    case 'storm':
      return { kind, lastsMs: 90 * minuteMs };
    case 'clock':
      return { kind, wrongByMs: (dice.below(3) - 1) * dayMs };
    default:
      return { kind };
  }
}

function drawKind(drawn: number): (typeof weights)[number][0] {
  let sum = 0;
  for (const [kind, weight] of weights) {
    sum += weight;
    if (drawn < sum) return kind;
  }
  return 'good';
}

/** The condition that a deed brings about; undefined when it is about something else. */
export function conditionOf(deed: Deed) {
  if (deed.kind === 'trouble') return troubles[deed.index];
  if (deed.kind === 'other-answer') return otherAnswers[deed.index];
  return deed.kind === 'good' ? good : undefined;
}

export const authorities: readonly (readonly string[])[] = [
  ['CN=Delegate CA,O=Example'],
  ['CN=Delegate CA,O=Example', 'CN=Next CA,O=Example'],
  ['CN=Other CA,O=Example', 'CN=Delegate CA,O=Example'],
];
