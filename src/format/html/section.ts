/** The few shapes of which the page is made: sections, tables, lists of facts. */
import type { Fact } from '../facts.ts';
import { html, type Markup, type Part } from './markup.ts';

/** A part of the page with a heading of its own; `id` is a constant. Undefined when there is nothing in it. */
export function section(
  id: string,
  heading: string,
  ...content: readonly Part[]
): Markup | undefined {
  const isEmpty = content.every((part) => part === undefined);
  if (isEmpty) return undefined;
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>
`;
}

export function factList(facts: readonly Fact[]): Markup | undefined {
  if (facts.length === 0) return undefined;
  const rows = facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  return html`<dl class="facts">\n${rows}</dl>`;
}

export function bulletList(items: readonly Part[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return html`<ul>\n${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}

/** The first cell of each row is its heading. `caption` is read aloud, and not shown. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Part[])[],
): Markup | undefined {
  if (rows.length === 0) return undefined;
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  );
  // A scrolling region must be reachable by keyboard.
  return html`<div class="scroll" role="region" aria-label="Table: ${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`;
}

/** For a cell that must stay on one line. */
export function nowrap(part: Part): Markup {
  return html`<span class="nowrap">${part}</span>`;
}
