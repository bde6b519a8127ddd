/** Words that someone who mistyped may have meant. */

const shown = 3;

/** The nearest of `known` to `typed`, best first; empty when nothing is near. */
export function nearMisses(typed: string, known: readonly string[]): readonly string[] {
  const word = typed.toLowerCase();
  const most = Math.max(2, Math.floor(word.length / 4));
  return known
    .map((candidate) => ({ candidate, distance: distanceOf(word, candidate) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, shown)
    .map(({ candidate }) => candidate);
}

/** Zero-ish for a part of a word that was left unfinished, else how many letters differ. */
function distanceOf(typed: string, candidate: string): number {
  return typed.length > 3 && candidate.includes(typed) ? 1 : editDistance(typed, candidate);
}

/** Levenshtein's distance, row by row. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (other[j - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
