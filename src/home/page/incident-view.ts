/** One incident: all that home knows of it. */
import { catalogue } from '../../diagnosis/catalogue.ts';
import { html, type Markup, type Part } from '../../format/html/markup.ts';
import { factInWords, valueInWords } from '../../format/words.ts';
import { alertName } from '../../tls/alert.ts';
import type { Incident, Signature } from '../incidents/incident.ts';
import { delegateAddress, delegatesAddress, incidentAddress, paths } from './address.ts';
import type { View } from './document.ts';
import { drawCurve } from './draw-time.ts';
import {
  countInWords,
  durationInWords,
  moment,
  plural,
  timelineWords,
  whoMustAct,
} from './in-words.ts';
import { answers, confidence } from './incident-card.ts';
import { delegateName, listing, panel } from './pieces.ts';
import type { Sources } from './sources.ts';

export function incidentView(incident: Incident, sources: Sources): View {
  const { title, state, side, kind } = incident;
  return {
    title: `Incident: ${title}`,
    place: 'incidents',
    main: html`<p class="crumbs"><a href="${paths.incidents}">Incidents</a></p>
<h1>${state === 'open' ? 'Open' : 'Over'}: ${title}</h1>
<section class="incident ${state}" id="answers" aria-label="In short">
<p class="lead"><strong>${whoMustAct(side, kind)}.</strong> ${confidence(incident)}</p>
${answers(incident, sources)}
</section>
${panel('course', 'How it went', drawCurve(incident, sources.nowMs, inWords(incident, sources.nowMs)), course(incident, sources.nowMs))}
${changes(incident)}
${variants(incident)}
${who(incident, sources)}
${related(incident, sources)}
${about(incident)}`,
  };
}

function inWords(
  { affected, peak, known, state, firstMs, closedMs }: Incident,
  nowMs: number,
): string {
  const lasted = durationInWords((closedMs ?? nowMs) - firstMs);
  const now = state === 'open' ? `${countInWords(affected)} now` : 'over now';
  return `Delegates affected over ${lasted}: ${countInWords(peak)} at most of ${countInWords(Math.max(known, peak))}, ${now}`;
}

function course({ timeline }: Incident, nowMs: number): Markup | undefined {
  const columns = [
    ...['when', 'what'].map((name) => ({ name })),
    { name: 'affected', isNumber: true },
    { name: 'of', isNumber: true },
    { name: 'leading cause' },
  ];
  const rows = timeline.toReversed().map(({ atMs, what, affected, known, cause }, index) => ({
    id: `${timeline.length - index}-${atMs}`,
    cells: [
      moment(atMs, nowMs),
      timelineWords[what],
      countInWords(affected),
      countInWords(known),
      html`<code>${cause}</code>`,
    ],
  }));
  const table = listing('How it went, the latest first', columns, rows);
  return (
    table &&
    html`<details id="course-table"><summary>The same as a table, ${plural(rows.length, 'line')}</summary>\n${table}</details>`
  );
}

function changes({ changed, kind }: Incident): Markup | undefined {
  if (kind === 'silence') return undefined;
  const rows = changed.map(({ what, before, now }, index) => ({
    id: `change-${index}`,
    cells: [factInWords(what), valueInWords(before), valueInWords(now)],
  }));
  const table = listing(
    'What changed, as the delegates saw it',
    ['fact', 'before', 'now'].map((name) => ({ name })),
    rows,
  );
  return panel(
    'changes',
    'What changed',
    table ?? html`<p>Nothing that the delegates saw differs from their last accepted look.</p>`,
  );
}

function variants({ variants: all, kind }: Incident): Markup | undefined {
  if (kind === 'silence') return undefined;
  const columns = [
    { name: 'what they say' },
    { name: 'delegates', isNumber: true },
    { name: 'alert' },
    { name: 'gateway certificate, SHA-256' },
    { name: 'authorities, SHA-256' },
  ];
  const rows = all.map(({ title, signature, affected, confidence: sure }, index) => ({
    id: `variant-${index}`,
    cells: [
      html`${title} <span class="soft"><code>${signature.cause}</code> ${sure}</span>`,
      countInWords(affected),
      alertOf(signature),
      fingerprint(signature.serverSha256),
      fingerprint(signature.authoritiesSha256),
    ],
  }));
  return panel(
    'variants',
    'What the delegates say',
    html`<p>A gateway of many nodes answers in many ways: these belong together. The first one leads.</p>`,
    listing('What the delegates say', columns, rows),
  );
}

function alertOf({ alert }: Signature): Part {
  if (!alert) return 'none';
  return `${alert.code} ${alertName(alert.code)}, ${alert.direction}`;
}

function fingerprint(sha256: string | undefined): Part {
  return sha256 === undefined ? 'not seen' : html`<span class="mono">${sha256}</span>`;
}

function who(incident: Incident, { incidents, survey }: Sources): Markup {
  const { id, sample, accounts, state, affected } = incident;
  const { isNamesake } = survey();
  const links = sample.map((seen) => {
    const isKnown = incidents.fleet.delegate(seen.source) !== undefined;
    const to = isKnown ? delegateAddress(seen.source) : undefined;
    return html`<li>${delegateName(seen, isNamesake(seen), to)}${seen.account === undefined ? undefined : html` <span class="soft">${seen.account}</span>`}</li>\n`;
  });
  const ofAccounts = accounts.map(
    ({ account, affected: many }) =>
      html`<li><a href="${delegatesAddress({ account })}">${account}</a> <span class="soft">${countInWords(many)}</span></li>\n`,
  );
  return panel(
    'who',
    'Who',
    state === 'open'
      ? html`<p><a href="${delegatesAddress({ incident: id })}">All ${plural(affected, 'delegate')} of this incident</a></p>`
      : undefined,
    html`<h3>Some of them</h3><ul class="plain">${links}</ul>`,
    ofAccounts.length === 0
      ? undefined
      : html`<h3>Accounts with the most of them</h3><ul class="plain">${ofAccounts}</ul>`,
  );
}

function related(
  { related: ids, mergedInto, reopenings }: Incident,
  { incidents }: Sources,
): Markup | undefined {
  const link = (id: string): Markup =>
    html`<a href="${incidentAddress(id)}">${incidents.find(id)?.title ?? id}</a>`;
  const said = [
    ...(mergedInto === undefined ? [] : [html`<li>Part of a wider one: ${link(mergedInto)}</li>`]),
    ...ids.map((id) => html`<li>Of the same target, open when this one opened: ${link(id)}</li>`),
    ...(reopenings > 0
      ? [html`<li>It began again ${plural(reopenings, 'time')} after it had been closed.</li>`]
      : []),
  ];
  return said.length === 0 ? undefined : panel('related', 'Related', html`<ul>${said}</ul>`);
}

function about({ signature: { cause } }: Incident): Markup | undefined {
  const known = catalogue.find(({ code }) => code === cause);
  return (
    known &&
    panel(
      'about',
      'About this cause',
      html`<p>${known.documentation}</p>`,
      html`<p class="soft">The same: <code>sidelight explain ${cause}</code></p>`,
    )
  );
}
