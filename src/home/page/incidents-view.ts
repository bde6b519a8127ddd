/** All incidents: the open ones first, then those that are over, on one time. */
import { html, type Markup } from '../../format/html/markup.ts';
import type { Incident } from '../incidents/incident.ts';
import { address, incidentAddress, paths } from './address.ts';
import type { View } from './document.ts';
import { drawLanes } from './draw-time.ts';
import {
  countInWords,
  durationInWords,
  inShort,
  moment,
  plural,
  shareInWords,
  whoMustAct,
} from './in-words.ts';
import { confidence, where } from './incident-card.ts';
import { listing, pages, panel } from './pieces.ts';
import type { Sources } from './sources.ts';

const rowsOfPage = 25;
/** What the database keeps. */
const most = 10_000;

export function incidentsView(sources: Sources, page: number): View {
  const { incidents, nowMs } = sources;
  const open = incidents.open().toReversed();
  const wanted = page * rowsOfPage + 1 + open.length;
  const over = incidents.latest(Math.min(wanted, most)).filter(({ state }) => state === 'closed');
  const shown = over.slice((page - 1) * rowsOfPage, page * rowsOfPage);
  const to = (number: number): string =>
    address(paths.incidents, { page: number > 1 ? number : undefined });
  const drawn = [...(page === 1 ? open : []), ...shown];
  return {
    title: 'Incidents',
    place: 'incidents',
    main: html`<h1>${open.length === 0 ? 'No incident is open' : `${plural(open.length, 'incident')} open`}</h1>
${drawn.length === 0 ? undefined : panel('timeline', 'When', drawLanes(drawn, nowMs))}
${page > 1 ? undefined : panel('open', 'Open', table('Open incidents', open, nowMs) ?? html`<p>None: nothing is said by many delegates at once. What single ones say is their own: <a href="${address(paths.delegates, { state: 'own' })}">delegates in trouble of their own</a>.</p>`)}
${panel(
  'over',
  'Over',
  table('Incidents that are over', shown, nowMs) ?? html`<p>There was none yet.</p>`,
  pages('Pages of incidents', [
    { text: 'Newer', to: page > 1 ? to(page - 1) : undefined },
    { text: 'Older', to: over.length > page * rowsOfPage ? to(page + 1) : undefined },
  ]),
)}`,
  };
}

function table(caption: string, all: readonly Incident[], nowMs: number): Markup | undefined {
  const columns = ['incident', 'who must act', 'began', 'lasted', 'delegates', 'where'];
  const rows = all.map((incident) => {
    const { id, title, side, kind, firstMs, closedMs, peak, known } = incident;
    const whole = Math.max(known, peak);
    return {
      id,
      cells: [
        html`<a href="${incidentAddress(id)}">${inShort(title)}</a>`,
        html`${whoMustAct(side, kind)}. <span class="soft">${confidence(incident)}</span>`,
        moment(firstMs, nowMs),
        durationInWords((closedMs ?? nowMs) - firstMs),
        html`${countInWords(peak)} of ${countInWords(whole)} <span class="soft">${shareInWords(peak, whole)}</span>`,
        where(incident),
      ],
    };
  });
  return listing(
    caption,
    columns.map((name) => ({ name })),
    rows,
  );
}
