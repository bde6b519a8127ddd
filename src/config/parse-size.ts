/** Numbers as people write them: sizes (`10GB`, `512MiB`), counts, and moments (a time, or how long ago). */
import { parseTime } from '../base/clock.ts';
import type { KindValues, OptionSpec } from './option.ts';
import { parseDuration } from './parse-duration.ts';
import { expectedOf, type Parsed, quoted } from './parsed.ts';

/** IEC 80000-13: kB is 1,000, KiB is 1,024. */
const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** In octets, rounded to a whole one. */
export function parseSize(text: string, option: OptionSpec): Parsed<number> {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?) ?([a-z]{1,3})$/i.exec(text) ?? [];
  const octets = Math.round(Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN));
  if (octets >= 1) return withinBounds(octets, text, option, sizeText);
  return { what: `${quoted(text)} is no size`, expected: expectedOf(option) };
}

/** From 1 on. */
export function parseCount(text: string, option: OptionSpec): Parsed<number> {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value > 0) return withinBounds(value, text, option, String);
  return { what: `${quoted(text)} is no number from 1 on`, expected: expectedOf(option) };
}

function withinBounds(
  value: number,
  text: string,
  { bounds }: OptionSpec,
  say: (bound: number) => string,
): Parsed<number> {
  if (!bounds || (value >= bounds.min && value <= bounds.max)) return { value, printable: text };
  const expected = `from ${say(bounds.min)} to ${say(bounds.max)}`;
  return { what: `${quoted(text)} is out of range`, expected };
}

/** In the largest unit of 1,024 that leaves a whole number. */
function sizeText(octets: number): string {
  const [unit, sizeBytes] = (
    [
      ['GiB', 2 ** 30],
      ['MiB', 2 ** 20],
      ['KiB', 2 ** 10],
    ] as const
  ).find(([, size]) => octets % size === 0) ?? ['B', 1];
  return `${octets / sizeBytes}${unit}`;
}

export function parseMoment(text: string, option: OptionSpec): Parsed<KindValues['moment']> {
  const atMs = parseTime(text);
  if (atMs !== undefined) return { value: { atMs }, printable: text };
  const ago = parseDuration(text, option);
  if ('value' in ago) return { value: { agoMs: ago.value }, printable: text };
  return { what: `${quoted(text)} is no time`, expected: expectedOf(option) };
}
