/** Which known name someone may have meant. */
import { editDistance } from '../base/edit-distance.ts';

/** The nearest of `known`, when it is near enough to be meant: a third of its length away, at most 3 edits. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.min(3, Math.ceil(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}
