/** One delegate: how it stands with each target, its history, its reports. */
import { html, type Markup } from '../../format/html/markup.ts';
import type { Delegate, Standing } from '../fleet/standing.ts';
import { address, delegatesAddress, incidentAddress, paths, reportAddress } from './address.ts';
import type { View } from './document.ts';
import { drawStrip } from './draw-time.ts';
import { durationInWords, inShort, moment, ownTime, plural, stateMark } from './in-words.ts';
import { listing, pages, panel } from './pieces.ts';
import type { Sources } from './sources.ts';
import type { Listed } from './stored-reports.ts';
import { nameOf, stateAt } from './survey.ts';

const rowsOfPage = 50;
const mostDrawn = 300;

export interface Asked {
  readonly source: string;
  /** Reports that arrived before this one. */
  readonly before?: number;
  /** Whether it has just been asked for a look. */
  readonly wasAsked: boolean;
  readonly formToken: string;
}

/** Undefined for one of whom nothing is known. */
export function delegateView(asked: Asked, sources: Sources): View | undefined {
  const { incidents, reports, nowMs } = sources;
  const { source, before } = asked;
  const delegate = incidents.fleet.delegate(source);
  const listed = reports.list(source, rowsOfPage + 1, before);
  if (!delegate && listed.length === 0 && before === undefined) return undefined;
  const name = delegate ? nameOf(delegate.seen) : source;
  return {
    title: name,
    place: 'delegates',
    main: html`<p class="crumbs"><a href="${paths.delegates}">Delegates</a></p>
<h1>${name}</h1>
${delegate && sources.survey().isNamesake(delegate.seen) ? html`<p class="note" id="namesake">Others are called the same: <a href="${delegatesAddress({ q: name })}">all of that name</a>. Its source tells it from them.</p>` : undefined}
${asked.wasAsked ? html`<p class="note" id="asked" role="status">It was asked for a look. What it sees appears here in some seconds.</p>` : undefined}
${delegate ? standing(delegate, sources) : html`<p class="note">It has not reported for so long that nobody waits for it; its reports are still here.</p>`}
${probeNow(asked, sources)}
${panel('history', 'History', ...histories(source, sources), listed.length === 0 ? html`<p>No report is kept any more.</p>` : undefined)}
${panel(
  'reports',
  'Reports, the newest first',
  table(listed.slice(0, rowsOfPage), nowMs),
  pages('Pages of reports', [
    {
      text: 'Newest',
      to: before === undefined ? undefined : address(paths.delegate, { of: source }),
    },
    {
      text: 'Older',
      to:
        listed.length > rowsOfPage
          ? address(paths.delegate, { of: source, before: listed[rowsOfPage - 1]?.arrival })
          : undefined,
    },
  ]),
)}`,
  };
}

function standing(delegate: Delegate, { reports, nowMs }: Sources): Markup {
  const { seen, heardMs, firstSeenMs, rhythmMs, silentSinceMs, standings } = delegate;
  const { sender, source = seen.source } = reports.bringer(seen.source) ?? {};
  const facts: readonly (readonly [string, Markup | string | undefined])[] = [
    [
      'account',
      seen.account === undefined
        ? undefined
        : html`<a href="${delegatesAddress({ account: seen.account })}">${seen.account}</a>`,
    ],
    ['host', seen.host],
    ['brought by', sender],
    ['source', html`<span class="mono">${source}</span>`],
    [
      'known here as',
      source === seen.source
        ? undefined
        : html`<span class="mono">${seen.source}</span>, for another sender brought that source first`,
    ],
    ['last heard', moment(heardMs, nowMs)],
    ['known since', moment(firstSeenMs, nowMs)],
    ['reports about every', rhythmMs === undefined ? undefined : durationInWords(rhythmMs)],
  ];
  const silent =
    silentSinceMs === undefined
      ? undefined
      : html`<p class="note bad" id="silent"><strong>It no longer reports.</strong> It was heard last ${moment(silentSinceMs, nowMs)}; what stands below is what it said then.</p>`;
  return html`${silent}${panel('standing', 'How it stands', targets(delegate, [...standings.values()], nowMs))}
${panel(
  'facts',
  'Who it is',
  html`<dl class="facts">
${facts.flatMap(([key, value]) => (value === undefined ? [] : [html`<div><dt>${key}</dt><dd>${value}</dd></div>\n`]))}</dl>`,
)}`;
}

function targets(
  delegate: Delegate,
  standings: readonly Standing[],
  nowMs: number,
): Markup | undefined {
  const columns = ['target', 'state', 'why', 'since', 'last accepted', 'latest report'];
  const rows = standings.map((each, index) => {
    const { target, sinceMs, acceptedMs, arrival } = each;
    return {
      id: `target-${index}`,
      cells: [
        target,
        stateMark(stateAt(delegate, each)),
        why(each),
        moment(sinceMs, nowMs),
        acceptedMs === undefined ? 'never' : moment(acceptedMs, nowMs),
        arrival > 0 ? html`<a href="${reportAddress(arrival)}">report ${arrival}</a>` : '',
      ],
    };
  });
  return listing(
    'How it stands with each target',
    columns.map((name) => ({ name })),
    rows,
  );
}

function why({ outcome, fault, layer, incidentId }: Standing): Markup | string {
  if (outcome === 'accepted') return '';
  const place = layer === undefined ? undefined : html` <span class="soft">at ${layer}</span>`;
  const link =
    incidentId === undefined
      ? undefined
      : html` <a href="${incidentAddress(incidentId)}">incident</a>`;
  return html`${fault?.title ?? 'no cause was named'}${place}${link}`;
}

function probeNow(
  { source, formToken, wasAsked }: Asked,
  { isConnected }: Sources,
): Markup | undefined {
  if (wasAsked || !isConnected(source)) return undefined;
  return html`<form id="probe-now" method="post" action="${paths.probeNow}"><input type="hidden" name="form" value="${formToken}"><input type="hidden" name="of" value="${source}"><p><button>Ask it for a look now</button></p></form>`;
}

/** One strip for each target. */
function histories(
  source: string,
  { incidents, reports, nowMs }: Sources,
): readonly (Markup | undefined)[] {
  const { silentSinceMs } = incidents.fleet.delegate(source) ?? {};
  const silence =
    silentSinceMs === undefined ? [] : [{ atMs: silentSinceMs, state: 'silent' } as const];
  const latest = reports.list(source, mostDrawn).toReversed();
  const byTarget = Map.groupBy(latest, ({ target }) => target);
  return [...byTarget].slice(0, 8).map(([target, all]) => {
    const moments = all.map(({ receivedMs, state }) => ({ atMs: receivedMs, state }));
    return drawStrip([...moments, ...silence], nowMs, target);
  });
}

function table(listed: readonly Listed[], nowMs: number): Markup | undefined {
  const columns = ['arrived', 'outcome', 'cause', 'target', 'why it was sent', 'by its own clock'];
  const rows = listed.map(({ arrival, timeMs, receivedMs, state, cause, target, event }) => ({
    id: String(arrival),
    cells: [
      html`<a href="${reportAddress(arrival)}">${moment(receivedMs, nowMs)}</a>`,
      stateMark(state),
      cause === undefined ? '' : html`<code>${inShort(cause, 60)}</code>`,
      inShort(target),
      event === 'heartbeat'
        ? 'heartbeat'
        : event === undefined
          ? 'a single look'
          : 'something changed',
      ownTime(timeMs, receivedMs),
    ],
  }));
  return listing(
    `${plural(rows.length, 'report')}, the newest first`,
    columns.map((name) => ({ name })),
    rows,
  );
}
