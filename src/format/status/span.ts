/** How long something has lasted, in the words of a person. */
import { epochMs, plural } from '../../diagnosis/time.ts';

const units: readonly (readonly [noun: string, seconds: number, from: number])[] = [
  ['day', 86_400, 2 * 86_400],
  ['hour', 3_600, 2 * 3_600],
  ['minute', 60, 2 * 60],
];

/** `12 seconds`, `3 minutes`, `2 days`; `no time` when it is over before it began, as a clock that stepped may have it. */
export function span(from: string | undefined, to: string | undefined): string {
  const [begin, end] = [epochMs(from), epochMs(to)];
  if (begin === undefined || end === undefined) return 'an unknown time';
  const seconds = Math.round((end - begin) / 1000);
  if (seconds < 1) return 'no time';
  const unit = units.find(([, , least]) => seconds >= least);
  return unit ? plural(Math.floor(seconds / unit[1]), unit[0]) : plural(seconds, 'second');
}
