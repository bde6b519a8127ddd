/** One figure of the bench: ours against a reference of the same run, as a ratio with its spread, beside its goal. */
import { median } from '../footprint/measure.ts';

export interface Spread {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
}

/** What a figure is held to: its ratio, or the value that stands here. */
export interface Goal {
  readonly atMost: number;
  readonly value?: number;
  readonly unit?: string;
}

export interface Figure {
  readonly what: string;
  readonly ours: string;
  /** What it is measured against, and what that took. */
  readonly reference: string;
  readonly ratio: Spread;
  readonly goal?: Goal;
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return { median: median(sorted), low: at(0.25), high: at(0.75), runs: sorted.length };
}

/** `pairs`: ours and the reference, measured one after the other; `show` writes the median of each. */
export function figureOf(
  what: string,
  reference: string,
  pairs: readonly (readonly [number, number])[],
  show: (value: number) => string,
  goal?: Goal,
): Figure {
  const [ours, other] = [0, 1].map((at) => spreadOf(pairs.map((pair) => pair[at] ?? 0)).median);
  return {
    what,
    ours: show(ours ?? 0),
    reference: `${reference}: ${show(other ?? 0)}`,
    ratio: spreadOf(pairs.map(([a, b]) => a / b)),
    ...(goal && { goal }),
  };
}

export const columns = ['', 'ours', 'reference', 'ratio', 'quartiles (runs)', 'goal', ''] as const;

export function cells({ what, ours, reference, ratio, goal }: Figure): readonly string[] {
  const { median: middle, low, high, runs } = ratio;
  const spread = runs === 1 ? '(1)' : `${short(low)} to ${short(high)} (${runs})`;
  return [what, ours, reference, short(middle), spread, ...verdict(middle, goal)];
}

function verdict(ratio: number, goal: Goal | undefined): readonly [string, string] {
  if (!goal) return ['', ''];
  const { atMost, value = ratio, unit } = goal;
  const text =
    unit === undefined ? `at most ${atMost}` : `${short(value)} of at most ${atMost} ${unit}`;
  return [text, value <= atMost ? 'met' : 'MISSED'];
}

/** Three digits that count. */
export function short(number: number): string {
  return Math.abs(number) >= 100 ? number.toFixed(0) : number.toPrecision(3);
}

export const inMs = (ms: number): string => `${short(ms)} ms`;
export const inMb = (bytes: number): string => `${short(bytes / 1e6)} MB`;
export const inRate = (perSecond: number): string => `${perSecond.toFixed(0)}/s`;
export const inMbRate = (perSecond: number): string => `${short(perSecond / 1e6)} MB/s`;
