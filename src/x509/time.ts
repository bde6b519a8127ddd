/** UTCTime and GeneralizedTime as milliseconds since 1970. */
import { type DerElement, derTags } from './der.ts';

const forms: ReadonlyMap<number, RegExp> = new Map([
  [derTags.utcTime, /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/],
  [
    derTags.generalizedTime,
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{4})$/,
  ],
]);

/** Undefined for what is no time of the calendar. Reads the forms that RFC 5280 section 4.1.2.5 forbids, too: they occur. */
export function readTime(element: DerElement | undefined): number | undefined {
  const form = element && forms.get(element.tag);
  if (element === undefined || form === undefined || element.content.length > 32) return undefined;
  const match = form.exec(Buffer.from(element.content).toString('latin1'));
  if (match === null) return undefined;
  const [, years = '', month, day, hour, minute, second = '00', zone = 'Z'] = match;
  const local = parseExactly(`${fullYear(years)}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  return local === undefined ? undefined : inCalendar(local - offsetMs(zone));
}

/** RFC 5280 section 4.1.2.5.1: two digits from 50 on mean 19YY. */
function fullYear(digits: string): string {
  if (digits.length === 4) return digits;
  return `${Number(digits) >= 50 ? '19' : '20'}${digits}`;
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** What JavaScript would roll over (30 February, hour 24) does not come back as it was written. */
function parseExactly(text: string): number | undefined {
  // biome-ignore lint/style/noRestrictedGlobals: a calculation that reads no clock
  const epochMs = Date.parse(text);
  // biome-ignore lint/style/noRestrictedGlobals: a calculation that reads no clock
  return Number.isNaN(epochMs) || new Date(epochMs).toISOString() !== text ? undefined : epochMs;
}

/** An offset must not push a time out of the years 0000 to 9999, which RFC 3339 can write. */
function inCalendar(epochMs: number): number | undefined {
  return epochMs >= -62_167_219_200_000 && epochMs <= 253_402_300_799_999 ? epochMs : undefined;
}
