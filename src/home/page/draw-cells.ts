/** A crowd drawn as cells, one each: a path for each state, whose dashes are the cells, so that ten thousand are few octets. */
import { constant, html, type Markup } from '../../format/html/markup.ts';
import { type State, states, stateWords } from './in-words.ts';

/** In CSS pixels, of a small crowd. */
const largestCell = 14;
const mostWide = 160;

/** `label` says in words what is seen. */
export function drawCells(all: readonly State[], label: string): Markup {
  const columns = Math.min(mostWide, Math.max(24, Math.ceil(Math.sqrt(6 * all.length))));
  const rows = Math.ceil(all.length / columns);
  const paths = pathsOf(all, columns);
  const drawn = states.flatMap((state) => {
    const path = paths.get(state);
    return path === undefined
      ? []
      : [html`<path class="${state}" d="${constant(path.join(''))}"/>\n`];
  });
  const width = columns * Math.min(largestCell, 1_300 / columns);
  return html`<svg class="cells" role="img" aria-label="${label}" viewBox="0 0 ${columns} ${rows}" width="${width.toFixed(0)}" height="${((width * rows) / columns).toFixed(0)}">
${drawn}</svg>`;
}

/** Neighbours of one state are one line; each begins a dash pattern of its own. Numbers of ours, and longer than any text. */
function pathsOf(all: readonly State[], columns: number): ReadonlyMap<State, readonly string[]> {
  const paths = new Map<State, string[]>();
  for (let at = 0; at < all.length; ) {
    const state = all[at] ?? 'accepted';
    const row = Math.floor(at / columns);
    const end = Math.min((row + 1) * columns, all.length);
    let to = at + 1;
    while (to < end && all[to] === state) to += 1;
    const path = paths.get(state) ?? [];
    path.push(`M${at % columns} ${row}.5h${to - at}`);
    paths.set(state, path);
    at = to;
  }
  return paths;
}

/** What the cells look like. */
export function cellLegend(): Markup {
  const item = (state: State): Markup =>
    html`<li><svg class="cells swatch" viewBox="0 0 2 1" aria-hidden="true"><path class="${state}" d="M0 .5h2"/></svg> ${stateWords[state]}</li>\n`;
  return html`<ul class="legend" aria-label="What the cells mean">${states.map(item)}</ul>`;
}
