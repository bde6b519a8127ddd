/** The shapes that the views share: tables, bars, pages of a list. */
import { html, type Markup, type Part } from '../../format/html/markup.ts';
import type { DelegateSeen } from '../incidents/sighting.ts';
import { countInWords, inShort, type State, states, stateWords } from './in-words.ts';
import { type Counts, shortNameOf } from './survey.ts';

export interface Column {
  readonly name: string;
  readonly isNumber?: boolean;
}

export interface Row {
  /** Stays the same while the row is about the same: what is live finds it again by this. */
  readonly id: string;
  readonly cells: readonly Part[];
}

/** The first cell of each row is its heading. On narrow screens a row becomes a block, so nothing scrolls sideways. */
export function listing(
  caption: Part,
  columns: readonly Column[],
  rows: readonly Row[],
): Markup | undefined {
  if (rows.length === 0) return undefined;
  const head = columns.map(
    ({ name, isNumber }) =>
      html`<th scope="col" role="columnheader"${isNumber ? html` class="number"` : undefined}>${name}</th>`,
  );
  // Blocks in place of rows must not cost a table its meaning: the roles are said in words.
  return html`<table class="stack" role="table">
<caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => tableRow(row, columns))}</tbody>
</table>`;
}

function tableRow({ id, cells }: Row, columns: readonly Column[]): Markup {
  const [first, ...rest] = cells;
  const cell = (part: Part, index: number): Markup => {
    const { name = '', isNumber } = columns[index + 1] ?? {};
    return html`<td role="cell"${isNumber ? html` class="number"` : undefined} data-label="${name}">${part}</td>`;
  };
  return html`<tr role="row" id="row-${id}"><th scope="row" role="rowheader">${first}</th>${rest.map(cell)}</tr>\n`;
}

/** A delegate by its name, and by its source where that alone tells it from others. */
export function delegateName(seen: DelegateSeen, isNamesake: boolean, to?: string): Markup {
  const name = shortNameOf(seen);
  const source = isNamesake && html` <span class="source">${inShort(seen.source)}</span>`;
  return html`${to === undefined ? name : html`<a href="${to}">${name}</a>`}${source || undefined}`;
}

/** How many of how many, as a bar; what it says stands beside it in words. */
export function shareBar(part: number, whole: number): Markup {
  const width = whole === 0 ? 0 : Math.min(Math.max((100 * part) / whole, part > 0 ? 0.8 : 0), 100);
  return html`<svg class="bar" aria-hidden="true"><rect width="${width.toFixed(1)}%" height="100%"/></svg>`;
}

/** All states side by side. */
export function mixedBar(counts: Counts): Markup {
  const total = states.reduce((sum, state) => sum + counts[state], 0);
  let from = 0;
  const parts = states.map((state) => {
    const width = total === 0 ? 0 : (100 * counts[state]) / total;
    from += width;
    if (width === 0) return undefined;
    return html`<rect class="${state}" x="${(from - width).toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`;
  });
  return html`<svg class="bar mixed" aria-hidden="true">${parts}</svg>`;
}

/** `2 rejected, 10 accepted`; empty for nobody. */
export function countsInWords(counts: Counts): string {
  return states
    .filter((state) => counts[state] > 0)
    .map((state: State) => `${countInWords(counts[state])} ${stateWords[state].toLowerCase()}`)
    .join(', ');
}

export function pages(
  what: string,
  links: readonly { readonly text: string; readonly to: string | undefined }[],
): Markup | undefined {
  const there = links.filter(({ to }) => to !== undefined);
  if (there.length === 0) return undefined;
  return html`<nav class="pages" aria-label="${what}">${there.map(({ text, to }) => html`<a href="${to}">${text}</a> `)}</nav>`;
}

export function panel(id: string, heading: Part, ...content: readonly Part[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>
`;
}
