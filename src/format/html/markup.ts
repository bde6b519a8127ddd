/** Text that is known to be HTML: only the tag here makes it, and whatever is put into it is escaped. */
import { sanitise } from '../../base/sanitise.ts';

/** No value that was parsed from JSON can have it as a key. */
const source = Symbol('markup');

export interface Markup {
  readonly [source]: string;
}

/** `undefined` leaves nothing behind. */
export type Part = string | number | Markup | undefined | readonly Part[];

/** Longer than any sentence or name that a report holds. */
const maxTextLength = 16_384;

/** A template of HTML. Strings that are put in become text, whatever they hold: in elements and in quoted attributes. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { [source]: String.raw({ raw: pieces }, ...parts.map(render)) };
}

export function textOf(markup: Markup): string {
  return markup[source];
}

/** Markup from a constant of ours: never from a report. */
export function constant(text: string): Markup {
  return { [source]: text };
}

/** Several lines, each of them made safe. */
export function lines(text: string): Markup {
  const safe = text.split('\n').map((line) => toEntities(sanitise(line, 4 * maxTextLength)));
  return { [source]: safe.join('\n') };
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return toEntities(sanitise(part, maxTextLength));
  if (typeof part === 'number') return String(part);
  return isList(part) ? part.map(render).join('') : part[source];
}

function isList(part: Markup | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toEntities(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
