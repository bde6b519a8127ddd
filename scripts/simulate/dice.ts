/** Randomness that is the same at every run with the same seed (mulberry32). */

export interface Dice {
  /** Uniform over [0, 1). */
  fraction(): number;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { fraction, below: (count) => Math.floor(fraction() * count) };
}
