/** Words that someone who mistyped may have meant. */
import { editDistance } from '../base/edit-distance.ts';

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

/** Less than any slip for a word that was left unfinished, else how many letters differ. */
function distanceOf(typed: string, candidate: string): number {
  if (abbreviates(typed, candidate)) return 0;
  return typed.length > 3 && candidate.includes(typed) ? 1 : editDistance(typed, candidate);
}

/** `client-cert-expired` is `client-certificate-expired`. */
function abbreviates(typed: string, candidate: string): boolean {
  const [parts, whole] = [typed.split(/[-_]/), candidate.split(/[-_]/)];
  return (
    parts.length === whole.length &&
    parts.every((part, at) => part !== '' && whole[at]?.startsWith(part) === true)
  );
}
