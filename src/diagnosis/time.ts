/** Times in evidence as numbers and days, so that they can be compared; no clock is read here. */

/** Milliseconds since 1970 of RFC 3339 text; undefined when the text is absent or no time. */
export function epochMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // biome-ignore lint/style/noRestrictedGlobals: parsing a written time reads no clock.
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export const dayMs = 86_400_000;

/** Whether `earlier` lies before `later`; false when either is unknown. */
export function isBefore(earlier: string | undefined, later: string | undefined): boolean {
  const [from, to] = [epochMs(earlier), epochMs(later)];
  return from !== undefined && to !== undefined && from < to;
}

/** How far apart two times are, in words: `3 days`, `5 hours`, `less than an hour`. */
export function apartInWords(one: string | undefined, other: string | undefined): string {
  const [a, b] = [epochMs(one), epochMs(other)];
  if (a === undefined || b === undefined) return 'an unknown time';
  const hours = Math.floor(Math.abs(a - b) / 3_600_000);
  if (hours < 1) return 'less than an hour';
  return hours < 48 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
