/** What a person must know first: outcome, cause, who must act, next step. */
import type { Outcome } from '../../evidence/evidence.ts';
import type { Report } from '../../report/report.ts';
import { causeSentence, nextStep, outcomeSentence, outcomeWord, whoActs } from '../summary.ts';
import { timeInWords } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** Told by shape as well as by colour. */
const signs = {
  accepted: html`<path d="M6 12.5l4 4 8-9"/>`,
  rejected: html`<path d="M7 7l10 10M17 7L7 17"/>`,
  failed: html`<path d="M12 5.5v8.5M12 18v.5"/>`,
  unconfirmed: html`<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.1-1.5 2.3M12 18v.5"/>`,
} as const satisfies Record<Outcome, Markup>;

export function verdict(report: Report): Markup {
  const { outcome, target, time, agent } = report;
  return html`<header class="verdict ${outcome}">
<p class="product">Sidelight report</p>
<h1><svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/>${signs[outcome]}</svg> <span>${outcomeWord[outcome]}: ${outcomeSentence(report)}</span></h1>
<dl class="conclusion">
<div><dt>Cause</dt><dd>${cause(report)}</dd></div>
<div class="next"><dt>Next</dt><dd>${nextStep(report)}</dd></div>
</dl>
<p class="where">${target.url} seen from ${agent.host} on <time datetime="${time}">${timeInWords(time)}</time></p>
</header>
`;
}

function cause(report: Report): Markup {
  const found = report.cause;
  if (!found) return html`${causeSentence(report)}`;
  return html`<strong>${found.title}</strong>
<span class="tags"><span class="tag side">${whoActs[found.side]}</span> <span class="tag">${found.confidence}</span> <code class="tag">${found.code}</code></span>`;
}
