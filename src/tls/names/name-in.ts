/** How a number of a registry becomes a name: the registered one, or the number itself in hex. */

/** The name that `table` has for `number`, or `0x1a2b` (four digits at least). */
export function nameIn(table: Readonly<Record<number, string>>, number: number): string {
  return table[number] ?? `0x${number.toString(16).padStart(4, '0')}`;
}
