/** The fleet at a glance: what is broken first, then everybody. */
import { html, type Markup } from '../../format/html/markup.ts';
import { address, delegatesAddress, paths, type Standing as Wanted } from './address.ts';
import type { View } from './document.ts';
import { cellLegend, drawCells } from './draw-cells.ts';
import {
  countInWords,
  inShort,
  moment,
  plural,
  type State,
  sign,
  states,
  stateWords,
} from './in-words.ts';
import { incidentCard } from './incident-card.ts';
import { countsInWords, listing, mixedBar, panel } from './pieces.ts';
import type { Sources } from './sources.ts';
import { type Group, type Survey, stateAt, troubleOf } from './survey.ts';

const mostCards = 5;
const mostGroups = 8;
const mostRows = 20;

export function fleetView(sources: Sources, by: 'target' | 'account'): View {
  const survey = sources.survey();
  const open = sources.incidents.open();
  if (survey.delegates.length === 0 && open.length === 0) return nobody;
  const worst = open.toSorted((one, other) => other.affected - one.affected);
  return {
    title: 'Fleet',
    place: 'fleet',
    main: html`<h1>${headline(open.length, survey)}</h1>
${worst.slice(0, mostCards).map((incident) => incidentCard(incident, sources))}${more(open.length)}${closedLately(sources, open.length)}
<h2 class="unseen">The fleet in numbers</h2>
${tiles(survey)}
${survey.delegates.length === 0 ? undefined : picture(survey, by)}
${groupTable('targets', 'By target', 'target', survey.targets)}
${groupTable('accounts', 'By account', 'account', survey.accounts)}`,
  };
}

const nobody: View = {
  title: 'Fleet',
  place: 'fleet',
  main: html`<h1>No delegate has reported yet</h1>
<section id="begin" aria-labelledby="begin-heading">
<h2 id="begin-heading">How a delegate reports here</h2>
<p>Start an agent beside it with the address of this home, and it appears here within seconds:</p>
<pre tabindex="0" role="region" aria-label="Command"><code>sidelight run --home https://THIS-HOME:8470/ --home-token-file TOKEN</code></pre>
<p>Nothing arrives although it runs? Its own log says why, and <code>sidelight check --home …</code> tries it once.</p>
</section>`,
};

function headline(open: number, { counts, delegates, own }: Survey): string {
  if (open > 0) return `${plural(open, 'incident')} ${open === 1 ? 'is' : 'are'} open`;
  if (own === 0) return `All is well: ${plural(delegates.length, 'delegate')}, all accepted`;
  return `No incident: ${countInWords(counts.accepted)} of ${plural(delegates.length, 'delegate')} accepted`;
}

function more(open: number): Markup | undefined {
  if (open <= mostCards) return undefined;
  return html`<p><a href="${paths.incidents}">All ${open} open incidents</a></p>`;
}

/** Who comes late asks what it was. */
function closedLately({ incidents, nowMs }: Sources, open: number): Markup | undefined {
  const [last] = open === 0 ? incidents.latest(1) : [];
  if (last?.closedMs === undefined) return undefined;
  return html`<p class="note">The latest incident ended ${moment(last.closedMs, nowMs)}: <a href="${address(paths.incident, { id: last.id })}">${last.title}</a></p>`;
}

function tiles({ counts, own }: Survey): Markup {
  const tile = (state: Wanted, count: number, words: Markup): Markup =>
    html`<li><a href="${delegatesAddress({ state })}"><b>${countInWords(count)}</b> ${words}</a></li>\n`;
  const ofState = (state: State): Markup =>
    tile(state, counts[state], html`${sign(state)} ${stateWords[state].toLowerCase()}`);
  return html`<ul class="tiles" aria-label="Delegates by state">
${ofState('accepted')}${states.filter((state) => state !== 'accepted').map(ofState)}${tile('own', own, html`in trouble of their own`)}</ul>`;
}

interface Drawn {
  readonly name: string;
  readonly states: readonly State[];
}

function picture(survey: Survey, by: 'target' | 'account'): Markup {
  const ranked = by === 'target' ? survey.targets : survey.accounts;
  const shown = ranked.slice(0, mostGroups);
  const drawn = gather(survey, by, shown);
  const left = ranked.length - shown.length;
  const other = by === 'target' ? 'account' : 'target';
  return panel(
    'everybody',
    'Everybody',
    html`<p>Each cell is a delegate, in the order of accounts and names; by ${by}. <a href="${address(paths.fleet, { by: other })}">By ${other}</a>. <a href="${paths.delegates}">The same as a table</a>.</p>`,
    cellLegend(),
    html`<div class="groups">${drawn.map((group, index) => figure(group, index, by, survey))}</div>`,
    left > 0
      ? html`<p>${plural(left, by)} more with less trouble: see the tables below.</p>`
      : undefined,
  );
}

function gather(
  { delegates }: Survey,
  by: 'target' | 'account',
  shown: readonly Group[],
): readonly Drawn[] {
  const groups = new Map(shown.map(({ name }) => [name, [] as State[]]));
  for (const { delegate, state } of delegates) {
    if (by === 'account') {
      groups.get(delegate.seen.account ?? '')?.push(state);
      continue;
    }
    for (const standing of delegate.standings.values()) {
      groups.get(standing.target)?.push(stateAt(delegate, standing));
    }
  }
  return [...groups].map(([name, each]) => ({ name, states: each }));
}

function figure(
  { name, states: each }: Drawn,
  index: number,
  by: 'target' | 'account',
  survey: Survey,
): Markup {
  const ranked = by === 'target' ? survey.targets : survey.accounts;
  const counts = ranked[index]?.counts;
  const words = counts ? countsInWords(counts) : '';
  return html`<figure><figcaption><strong>${inShort(name) || 'no account'}</strong>: ${words}</figcaption>
${drawCells(each, `${inShort(name) || 'no account'}: ${words}`)}</figure>
`;
}

function groupTable(
  id: string,
  heading: string,
  by: 'target' | 'account',
  groups: readonly Group[],
): Markup | undefined {
  const columns = [
    { name: by },
    { name: 'delegates', isNumber: true },
    { name: 'accepted', isNumber: true },
    { name: 'not accepted', isNumber: true },
    { name: 'silent', isNumber: true },
    { name: 'how they stand' },
  ];
  const rows = groups.slice(0, mostRows).map((group) => {
    const { name, total, counts } = group;
    const link = html`<a href="${delegatesAddress({ [by]: name })}">${inShort(name)}</a>`;
    const numbers = [total, counts.accepted, troubleOf(group) - counts.silent, counts.silent];
    return {
      id: `${by}-${encodeURIComponent(name)}`,
      cells: [name === '' ? 'no account' : link, ...numbers.map(countInWords), mixedBar(counts)],
    };
  });
  const table = listing(heading, columns, rows);
  if (!table) return undefined;
  const left = groups.length - rows.length;
  const rest =
    left > 0 ? html`<p>Those with the most trouble; ${plural(left, by)} more.</p>` : undefined;
  return panel(id, heading, table, rest);
}
