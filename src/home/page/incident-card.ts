/** One incident in the answers that matter on the worst day: what, whose fault, since when, how many, what to do. */
import { html, type Markup } from '../../format/html/markup.ts';
import { alertName } from '../../tls/alert.ts';
import type { Incident } from '../incidents/incident.ts';
import { incidentAddress } from './address.ts';
import {
  closedWords,
  countInWords,
  durationInWords,
  inShort,
  moment,
  plural,
  shareInWords,
  whoMustAct,
} from './in-words.ts';
import { shareBar } from './pieces.ts';
import type { Sources } from './sources.ts';

/** `level`: of its heading. Its heading leads to all about it. */
export function incidentCard(incident: Incident, sources: Sources): Markup {
  const { id, state, title, side, kind } = incident;
  return html`<section class="incident ${state}" id="incident-${id}" aria-labelledby="incident-${id}-heading">
<h2 id="incident-${id}-heading"><a href="${incidentAddress(id)}">${inShort(title)}</a></h2>
<p class="lead"><strong>${whoMustAct(side, kind)}.</strong> ${confidence(incident)}</p>
${answers(incident, sources)}
</section>
`;
}

export function confidence({ confidence: sure, kind }: Incident): string {
  if (sure === undefined || kind === 'silence') return '';
  return { certain: 'That is certain.', likely: 'That is likely.', possible: 'That is possible.' }[
    sure
  ];
}

/** The same wherever an incident is told. */
export function answers(incident: Incident, sources: Sources): Markup {
  const { nowMs } = sources;
  const { firstMs, lastGoodMs, closedMs, closedBecause } = incident;
  const remedy = remedyOf(incident, sources);
  const lasted = durationInWords((closedMs ?? nowMs) - firstMs);
  return html`<dl class="answers">
<div><dt>Since</dt><dd>${moment(firstMs, nowMs)}</dd></div>
${closedMs === undefined ? undefined : html`<div><dt>Ended</dt><dd>${moment(closedMs, nowMs)} <span class="soft">after ${lasted}${closedBecause ? `: ${closedWords[closedBecause]}` : ''}</span></dd></div>`}
<div><dt>${closedMs === undefined ? 'Affected now' : 'Affected at most'}</dt><dd>${howMany(incident)}</dd></div>
<div><dt>Last good</dt><dd>${lastGoodMs === undefined ? html`<span class="soft">none is known</span>` : moment(lastGoodMs, nowMs)}</dd></div>
<div><dt>Where</dt><dd>${where(incident)}</dd></div>
<div><dt>What is seen</dt><dd>${whatIsSeen(incident)}</dd></div>
${remedy === undefined ? undefined : html`<div class="wide"><dt>What to do</dt><dd>${remedy}</dd></div>`}
</dl>`;
}

function howMany({ state, affected, peak, known }: Incident): Markup {
  const [part, whole] = state === 'open' ? [affected, known] : [peak, Math.max(known, peak)];
  return html`${countInWords(part)} of ${plural(whole, 'delegate')} <span class="soft nowrap">${shareInWords(part, whole)}</span>${shareBar(part, whole)}`;
}

export function where({ target, scope, kind }: Incident): Markup {
  const place = kind === 'silence' ? 'no target: they do not report home' : inShort(target);
  return scope.kind === 'account'
    ? html`${place} <span class="soft">only account ${inShort(scope.account)}</span>`
    : html`${place}`;
}

export function whatIsSeen({ signature: { alert, cause } }: Incident): Markup {
  const code = html`<code>${inShort(cause, 60)}</code>`;
  return alert
    ? html`alert ${alert.code} (${alertName(alert.code)}) ${alert.direction === 'received' ? 'from the gateway' : 'from the delegates'} <span class="soft">${code}</span>`
    : code;
}

const ofSilence =
  'See whether their hosts run, and whether their way home is open. Whoever only cannot reach home keeps its reports and brings them later.';

/** As one of its delegates was told; home itself has seen no gateway. */
function remedyOf(incident: Incident, { incidents, reports }: Sources): string | undefined {
  const { sample, target, signature, kind } = incident;
  if (kind === 'silence') return ofSilence;
  for (const { source } of sample) {
    const standing = incidents.fleet.delegate(source)?.standings.get(target);
    if (standing?.fault?.signature.cause === signature.cause) {
      return reports.remedy(standing.arrival);
    }
  }
  return undefined;
}
