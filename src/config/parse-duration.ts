/** Spans of time as people write them: `500ms`, `10s`, `1m30s`. */
import type { OptionSpec } from './option.ts';
import { expectedOf, type Parsed, quoted } from './parsed.ts';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** In milliseconds, rounded to a whole one. */
export function parseDuration(text: string, option: OptionSpec): Parsed<number> {
  const valueMs = durationMs(text);
  if (valueMs === undefined) {
    return { what: `${quoted(text)} is no span of time`, expected: expectedOf(option) };
  }
  const { minMs = 0, maxMs = Number.MAX_SAFE_INTEGER } = option.range ?? {};
  if (valueMs >= minMs && valueMs <= maxMs) return { value: valueMs, printable: text };
  const expected = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return { what: `${quoted(text)} is out of range`, expected };
}

function durationMs(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)];
  const totalMs = parts.reduce((sum, part) => sum + Number(part[1]) * unitMs(part[2]), 0);
  return Math.round(totalMs);
}

function unitMs(unit: string | undefined): number {
  return unitsMs[unit as keyof typeof unitsMs];
}

/** In the largest unit that leaves a whole number. */
function formatDuration(spanMs: number): string {
  const units = Object.entries(unitsMs).toReversed();
  const [unit, sizeMs] = units.find(([, size]) => spanMs % size === 0) ?? ['ms', 1];
  return `${spanMs / sizeMs}${unit}`;
}
