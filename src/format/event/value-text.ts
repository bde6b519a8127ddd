/** The value of a fact that changed, whatever its type, as text. */

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length > 0 ? value.map(String).join('; ') : 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
