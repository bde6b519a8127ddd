/** All delegates as a table, searched, filtered and paged: the equal of the picture for those who do not see it. */
import { html, type Markup } from '../../format/html/markup.ts';
import {
  delegateAddress,
  delegatesAddress,
  type Filter,
  incidentAddress,
  paths,
} from './address.ts';
import type { View } from './document.ts';
import {
  agoInWords,
  countInWords,
  inShort,
  moment,
  plural,
  stateMark,
  states,
  stateWords,
} from './in-words.ts';
import { delegateName, listing, pages, panel } from './pieces.ts';
import type { Sources } from './sources.ts';
import { isOwn, type Survey, type Surveyed } from './survey.ts';

const rowsOfPage = 50;
/** Offered for choice; others can be named in the address. */
const mostChoices = 100;

export function delegatesView(sources: Sources, filter: Filter, page: number): View {
  const survey = sources.survey();
  const found = survey.delegates.filter(matcherOf(filter));
  const last = Math.max(Math.ceil(found.length / rowsOfPage), 1);
  const at = Math.min(page, last);
  const shown = found.slice((at - 1) * rowsOfPage, at * rowsOfPage);
  const to = (number: number): string | undefined =>
    number >= 1 && number <= last && number !== at ? delegatesAddress(filter, number) : undefined;
  return {
    title: 'Delegates',
    place: 'delegates',
    main: html`<h1>${plural(found.length, 'delegate')}${found.length === survey.delegates.length ? '' : ` of ${countInWords(survey.delegates.length)}`}</h1>
${ofIncident(filter, sources)}${panel('filter', 'Which', form(filter, survey))}
${panel(
  'list',
  `Delegates, page ${at} of ${last}`,
  table(shown, survey, sources) ??
    html`<p>None is like that. <a href="${paths.delegates}">All delegates</a></p>`,
  pages('Pages of delegates', [
    { text: 'First', to: at > 2 ? to(1) : undefined },
    { text: 'Previous', to: to(at - 1) },
    { text: 'Next', to: to(at + 1) },
    { text: 'Last', to: at < last - 1 ? to(last) : undefined },
  ]),
)}`,
  };
}

export function matcherOf(filter: Filter): (one: Surveyed) => boolean {
  const { q = '', state, target, account, incident } = filter;
  const wanted = q.toLowerCase();
  return (one) => {
    const { seen, standings } = one.delegate;
    if (account !== undefined && seen.account !== account) return false;
    if (target !== undefined && !standings.has(target)) return false;
    if (!isInState(one, state)) return false;
    if (incident !== undefined && !isPartOf(one, incident)) return false;
    const { name = '', host = '', account: of = '', source } = seen;
    return wanted === '' || [name, host, of, source].join('\n').toLowerCase().includes(wanted);
  };
}

function isPartOf({ delegate: { standings, silence } }: Surveyed, incident: string): boolean {
  if (silence?.incidentId === incident) return true;
  return [...standings.values()].some(({ incidentId }) => incidentId === incident);
}

function isInState(one: Surveyed, state: Filter['state']): boolean {
  switch (state) {
    case undefined:
      return true;
    case 'failing':
      return one.state !== 'accepted';
    case 'own':
      return isOwn(one);
    default:
      return one.state === state;
  }
}

function ofIncident({ incident }: Filter, { incidents }: Sources): Markup | undefined {
  if (incident === undefined) return undefined;
  const title = incidents.find(incident)?.title ?? incident;
  return html`<p class="note">Only those that are part of the incident <a href="${incidentAddress(incident)}">${title}</a>.</p>\n`;
}

function form({ q, state, target, account, incident }: Filter, survey: Survey): Markup {
  const choice = (value: string, words: string, chosen: string | undefined): Markup =>
    html`<option value="${value}"${value === (chosen ?? '') ? html` selected` : undefined}>${words}</option>\n`;
  const named = (names: readonly string[], chosen: string | undefined): readonly Markup[] => {
    const offered = names.filter((name) => name !== '').slice(0, mostChoices);
    const all = chosen === undefined || offered.includes(chosen) ? offered : [chosen, ...offered];
    return all.map((name) => choice(name, inShort(name, 60), chosen));
  };
  return html`<form class="filter" method="get" action="${paths.delegates}" role="search">
<div><label for="q">Name, host, account or source</label><input id="q" name="q" type="search" value="${q ?? ''}" maxlength="200"></div>
<div><label for="state">State</label><select id="state" name="state">
${choice('', 'any', state)}${choice('failing', 'not accepted', state)}${choice('own', 'in trouble of their own', state)}${states.map((each) => choice(each, stateWords[each].toLowerCase(), state))}</select></div>
<div><label for="target">Target</label><select id="target" name="target">
${choice('', 'any', target)}${named(
  survey.targets.map(({ name }) => name),
  target,
)}</select></div>
<div><label for="account">Account</label><select id="account" name="account">
${choice('', 'any', account)}${named(
  survey.accounts.map(({ name }) => name),
  account,
)}</select></div>
${incident === undefined ? undefined : html`<input type="hidden" name="incident" value="${incident}">`}
<div><button class="main">Show</button> <a href="${paths.delegates}">All</a></div>
</form>`;
}

function table(
  shown: readonly Surveyed[],
  { isNamesake }: Survey,
  { reports, nowMs }: Sources,
): Markup | undefined {
  const columns = ['delegate', 'state', 'why', 'since', 'account', 'brought by', 'last heard'];
  const rows = shown.map((one) => {
    const { seen, heardMs } = one.delegate;
    return {
      id: encodeURIComponent(seen.source),
      cells: [
        delegateName(seen, isNamesake(seen), delegateAddress(seen.source)),
        stateMark(one.state),
        why(one),
        since(one, nowMs),
        inShort(seen.account ?? '', 60),
        inShort(reports.bringer(seen.source)?.sender ?? '', 60),
        html`<span class="nowrap">${agoInWords(heardMs, nowMs)}</span>`,
      ],
    };
  });
  return listing(
    'Delegates',
    columns.map((name) => ({ name })),
    rows,
  );
}

function why({ delegate, state, worst }: Surveyed): Markup | string {
  if (state === 'accepted') return '';
  const isSilent = state === 'silent';
  const { incidentId } = (isSilent ? delegate.silence : worst) ?? {};
  const said = isSilent ? 'no longer reports' : worst?.fault?.title;
  const title = inShort(said ?? 'no cause was named');
  return incidentId === undefined
    ? title
    : html`${title} <a href="${incidentAddress(incidentId)}">incident</a>`;
}

function since({ delegate, state, worst }: Surveyed, nowMs: number): Markup | string {
  const sinceMs = state === 'silent' ? delegate.silentSinceMs : worst?.sinceMs;
  return sinceMs === undefined ? '' : moment(sinceMs, nowMs);
}
