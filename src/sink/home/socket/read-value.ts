/** Values of a peer's JSON, looked at once. */
import { sanitise } from '../../../base/sanitise.ts';

const maxTextLength = 1024;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Printable text that is not empty and has bounds; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxTextLength) return undefined;
  return sanitise(value, maxTextLength) === value ? value : undefined;
}
