/** A JSON document for a machine: what is absent has no key, every string is safe to print, all of it is one line. */
import { escapeUnsafeInJson, sanitise } from '../../base/sanitise.ts';

export type FieldValue = string | number | boolean | Fields | readonly FieldValue[];

/** Keys are ours, never a peer's. */
export interface Fields {
  readonly [name: string]: FieldValue | undefined;
}

/** Elasticsearch does not index a longer keyword. */
const maxTextLength = 1024;
const maxItems = 64;

export function fieldsLine(fields: Fields): string {
  return jsonLine(clean(fields));
}

/** The same, before it is text; undefined when nothing is left. */
export function cleanFields(fields: Fields): Fields | undefined {
  return clean(fields) as Fields | undefined;
}

/** `value` as it is, with a line feed. */
export function jsonLine(value: unknown): string {
  return `${escapeUnsafeInJson(JSON.stringify(value))}\n`;
}

/** Strings through the sanitiser, lists bounded; keys without a value, and objects without a key, left out. */
function clean(value: FieldValue | undefined): FieldValue | undefined {
  if (typeof value === 'string') return sanitise(value, maxTextLength);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return value;
  if (isList(value)) {
    return value.slice(0, maxItems).flatMap((item) => {
      const cleaned = clean(item);
      return cleaned === undefined ? [] : [cleaned];
    });
  }
  const entries = Object.entries(value)
    .map(([name, field]) => [name, clean(field)] as const)
    .filter(([, field]) => field !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isList(value: Fields | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}
