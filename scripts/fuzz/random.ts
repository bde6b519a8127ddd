/** mulberry32: the same seed gives the same inputs. */

/** A whole number from 0 up to and without `limit`. */
export type Integer = (limit: number) => number;

export function randomIntegers(seed: number): Integer {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(limit, 1);
  };
}
