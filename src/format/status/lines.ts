/** How the lines of a status are laid out: a name, and below it what is said of it. */
import type { Paint, Style } from '../paint.ts';
import { wrap } from '../paragraph.ts';

export const indent = '    ';

/** A sentence below a name. */
export function line(text: string): readonly string[] {
  return wrap(text, indent, `${indent}  `);
}

/** Colours a word that the first line begins with, after its indent. */
export function begunBy(
  word: string,
  style: Style,
  [first = '', ...rest]: readonly string[],
  paint: Paint,
): readonly string[] {
  return [first.replace(word, () => paint(style, word)), ...rest];
}
