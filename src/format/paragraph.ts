/** Text for a person: safe to print, and wrapped to the width of a plain terminal. */
import { sanitise } from '../base/sanitise.ts';

const width = 80;
/** Enough for any sentence with a list of names in it. */
const maxLineLength = 16_384;

/** One line, whatever is in it. Reports are read back from files too, so nothing in them is trusted. */
export function safeLine(text: string): string {
  return sanitise(text, maxLineLength);
}

/** Wraps at spaces; a word that is longer than a line stands alone on one. `first` begins the first line, `rest` the others; both may hold anything as well. */
export function wrap(text: string, first = '', rest = first): readonly string[] {
  const lines: string[] = [];
  let line = safeLine(first);
  let isEmpty = true;
  for (const word of safeLine(text).split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = safeLine(rest);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

export function bullet(text: string): readonly string[] {
  return wrap(text, '  - ', '    ');
}
