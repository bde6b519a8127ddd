/** Nested fields as flat attributes: `tls.client.subject`, each value safe to print and bounded. */
import { cleanFields, type Fields, type FieldValue } from '../event/fields.ts';

/** AnyValue, as far as a report needs it (logs data model). */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Objects within lists stay whole, for they belong together. Keys without a value are left out. */
export function flatAttributes(fields: Fields): Readonly<Record<string, AttributeValue>> {
  const cleaned = cleanFields(fields);
  return cleaned === undefined ? {} : Object.fromEntries(flat('', cleaned));
}

function flat(prefix: string, fields: Fields): [string, AttributeValue][] {
  return Object.entries(fields).flatMap(([name, value]): [string, AttributeValue][] => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (value === undefined) return [];
    return isFields(value) ? flat(key, value) : [[key, value as AttributeValue]];
  });
}

function isFields(value: FieldValue): value is Fields {
  return typeof value === 'object' && !Array.isArray(value);
}
