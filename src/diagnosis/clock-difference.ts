/** How far our clock and the gateway's are apart, by the Date of its HTTP answer. */
import type { Evidence } from '../evidence/evidence.ts';
import { apartInWords, epochMs } from './time.ts';

/** Dates have whole seconds and are as old as the look took; nobody minds less than this. */
export const tolerableMs = 5 * 60_000;

/** The gateway's clock less ours, in milliseconds; undefined when it told no time. */
export function clockDifferenceMs({ time, http }: Evidence): number | undefined {
  const [ours, theirs] = [epochMs(time), epochMs(http?.date)];
  return ours === undefined || theirs === undefined ? undefined : theirs - ours;
}

export function clockDifferenceInWords(differenceMs: number, theirs: string, ours: string): string {
  const direction = differenceMs > 0 ? 'behind' : 'ahead of';
  return `Our clock (${ours}) is ${apartInWords(theirs, ours)} ${direction} the Date of the gateway (${theirs}).`;
}
