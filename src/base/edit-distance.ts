/** How many slips of the finger lie between two words. */

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  // Longer strings are no slip of the finger.
  if (Math.max(from.length, to.length) > 64) return Number.POSITIVE_INFINITY;
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = nextRow(from, to, row, above, before);
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
}

function nextRow(
  from: string,
  to: string,
  row: number,
  above: readonly number[],
  before: readonly number[],
): readonly number[] {
  const current = [row];
  for (let column = 1; column <= to.length; column++) {
    const same = from[row - 1] === to[column - 1];
    const swapped = from[row - 2] === to[column - 1] && from[row - 1] === to[column - 2];
    current.push(
      Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      ),
    );
  }
  return current;
}
