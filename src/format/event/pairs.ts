/** An event as names and values in order, for formats that are one flat list; the names are ours. */

export type Pair = readonly [name: string, value: string];

type Value = string | number | boolean | undefined;

/** Those that have a value. */
export function pairsOf(fields: Readonly<Record<string, Value>>): readonly Pair[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)] as const],
  );
}
